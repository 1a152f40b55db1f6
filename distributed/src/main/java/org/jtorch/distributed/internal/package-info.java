/** What the packages of this module share; not for use by others. */
@org.jspecify.annotations.NullMarked
package org.jtorch.distributed.internal;
