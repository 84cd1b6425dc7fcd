// What opens over the page: loaded after the first picture, since nobody opens it before there is one.

import './gallery.ts';
import './share.ts';
import './help.ts';
import '../reality/reality.ts';
import '../sweep/sweep.ts';

export { offerTour } from './tour.ts';
