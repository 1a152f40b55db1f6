package org.jtorch.serialize.internal.pickle;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.python.PythonGlobal;

/**
 * A known class or function that a pickle names. It is not the class or function itself, but builds the data that it would
 * create.
 *
 * @param name the module and the name in Python 3, such as {@code torch._utils._rebuild_tensor_v2}
 * @param builder builds the data from the arguments. It throws {@link NotUnderstoodException} if the arguments may be
 *     correct, but the result is not known here; any other exception means that the file is damaged
 */
public record Global(String name, Function<Arguments, @Nullable Object> builder) implements Internal {

    @Override
    public String description() {
        return "the class or function " + name;
    }

    @Override
    public Object record() {
        return new PythonGlobal(name);
    }
}
