/**
 * The decoding of images, for all modules that read them. They must require {@code java.desktop}, which this module does not.
 */
@NullMarked
package org.jtorch.nn.internal.images;

import org.jspecify.annotations.NullMarked;
