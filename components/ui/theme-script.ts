export const THEME_KEY = "intervene-theme";

/** Runs before the first paint (app/layout.tsx), so that a chosen theme never flashes. */
export const THEME_SCRIPT = `try{var t=localStorage.getItem("${THEME_KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;
