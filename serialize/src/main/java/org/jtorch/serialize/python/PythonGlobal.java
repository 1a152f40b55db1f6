package org.jtorch.serialize.python;

/**
 * The name of a class or function that a file refers to. Nothing else of it is kept.
 *
 * @param name the module and the name, such as {@code torch.nn.functional.relu}
 * @see org.jtorch.serialize.LoadOptions#allow
 */
public record PythonGlobal(String name) implements PythonValue {

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
