// Keeps the keys, pastes and files of a visitor who is quicker than the page's own script, which takes them over when it
// runs (src/app/early.ts). Nothing else is on the page by then.
(() => {
  if (window.podscopeEarly) return;
  const kept = [];
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  const listeners = {
    keydown({ key, shiftKey, ctrlKey, altKey, metaKey }) {
      kept.push({ key: { key, shiftKey, ctrlKey, altKey, metaKey } });
    },
    paste(event) {
      kept.push({ text: event.clipboardData?.getData('text/plain') ?? '' });
    },
    dragover(event) {
      if (carriesFiles(event)) event.preventDefault();
    },
    drop(event) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const { items, files } = event.dataTransfer;
      const entries = [...items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      kept.push({ entries, files: [...files] });
    },
  };
  for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener, true);
  window.podscopeEarly = () => {
    for (const [type, listener] of Object.entries(listeners)) removeEventListener(type, listener, true);
    return kept;
  };
})();
