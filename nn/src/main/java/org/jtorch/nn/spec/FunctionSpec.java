package org.jtorch.nn.spec;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.functional.F;

/**
 * A function of one tensor as data: the name of a function in {@link F} or {@link Torch}. It is a value in a {@link ModuleSpec}
 * for an argument that is a function in PyTorch.
 *
 * @param name the name as PyTorch writes it, such as {@code leaky_relu}
 */
public record FunctionSpec(String name) {

    /**
     * Returns the function.
     *
     * @throws IllegalArgumentException if there is no function with this name that takes and returns one tensor
     */
    public UnaryOperator<Tensor> build() {
        Method method = find(F.class);
        Method found = method == null ? find(Torch.class) : method;
        if (found == null) {
            throw new IllegalArgumentException(
                    "no function of one tensor is called '" + name + "': give a name in torch.nn.functional or torch");
        }
        return x -> invoke(found, x);
    }

    private @Nullable Method find(Class<?> where) {
        String camelCase = camelCase();
        for (Method method : where.getMethods()) {
            if (method.getName().equals(camelCase)
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == Tensor.class
                    && method.getReturnType() == Tensor.class) {
                return method;
            }
        }
        return null;
    }

    /** Returns the Java name. A trailing underscore is kept: it means that the function works in place. */
    private String camelCase() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean joins = c == '_' && i > 0 && i < name.length() - 1;
            if (joins) {
                i++;
                c = Character.toUpperCase(name.charAt(i));
            }
            out.append(c);
        }
        return out.toString();
    }

    private static Tensor invoke(Method method, Tensor x) {
        try {
            return (Tensor) method.invoke(null, x);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof TorchException cause) {
                throw cause;
            }
            throw new IllegalStateException(method + " failed", e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    /** Returns the function as Python code writes it: {@code F.relu}. */
    @Override
    public String toString() {
        return "F." + name;
    }
}
