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
 * A function of one tensor as data: the name of one in {@link F} or {@link Torch}. A value of a {@link ModuleSpec}, where
 * PyTorch takes a function.
 *
 * @param name as PyTorch writes it, {@code leaky_relu}
 */
public record FunctionSpec(String name) {

    /**
     * Returns the function.
     *
     * @throws IllegalArgumentException if there is none of this name that takes one tensor and gives one
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

    /** A trailing underscore, which says that the function works in place, stays. */
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

    /** As PyTorch's sources write it, {@code F.relu}. */
    @Override
    public String toString() {
        return "F." + name;
    }
}
