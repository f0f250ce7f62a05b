// Runs at the end of `npm ci`. What is prepared here is checked again by npm start and npm test, so that an
// installation without install scripts works too.
import "./generate.mjs";
