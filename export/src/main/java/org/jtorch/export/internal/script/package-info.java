/** TorchScript: archives are checked, loaded, joined to modules, and written. */
@NullMarked
package org.jtorch.export.internal.script;

import org.jspecify.annotations.NullMarked;
