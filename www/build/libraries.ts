// The editor's libraries as a chunk of their own, made alike by every build of the site: where the page's editor and the
// element's take the same parts of them, both builds write the very same file, and a visitor keeps it once.

/** For `output.codeSplitting` of a build. */
export const libraries = {
  groups: [
    { name: 'codemirror-libraries', test: /node_modules[\\/](@codemirror|@lezer|style-mod|w3c-keyname|crelt)[\\/]/ },
  ],
};
