// mdBook writes plain scripts; the element is a module.
const script = document.createElement('script');
script.type = 'module';
script.src = '/podscope/fences.js';
document.head.append(script);
