/** An interpreter of the template language Jinja, as far as templates of conversations use it. */
@org.jspecify.annotations.NullMarked
package org.jtorch.text.internal.jinja;
