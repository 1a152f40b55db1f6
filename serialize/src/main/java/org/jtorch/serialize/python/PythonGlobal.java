package org.jtorch.serialize.python;

/**
 * The name of a class or function that a file refers to: nothing but its name.
 *
 * @param name module and name, {@code torch.nn.functional.relu}
 * @see org.jtorch.serialize.LoadOptions#allow
 */
public record PythonGlobal(String name) implements PythonValue {

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
