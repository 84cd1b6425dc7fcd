// Manifests that more than one file of tests begins with.

/** A Pod of one container that is always there; `more` are further lines of its container. */
export const pod = (name: string, more = '', image = 'nginx') => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  containers:
  - name: app
    image: ${image}
${more}`;
