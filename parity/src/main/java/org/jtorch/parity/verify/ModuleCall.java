package org.jtorch.parity.verify;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.modules.ForwardInput;

/** Calls a module as Python does, with arguments by position and by name. */
final class ModuleCall {

    private ModuleCall() {}

    @SuppressWarnings("unchecked")
    static @Nullable Object call(Module<?, ?> module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs)
            throws ReflectiveOperationException {
        int count = args.size() + kwargs.size();
        if (count == 1 || ForwardInput.type(module).isRecord()) {
            return ((Module<Object, Object>) module).call(ForwardInput.of(module, args, kwargs));
        }
        return overload(module, args, kwargs, count);
    }

    /** Calls an overload with an additional argument, such as the output size of a transposed convolution. */
    private static Object overload(
            Module<?, ?> module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs, int count)
            throws IllegalAccessException, InvocationTargetException {
        List<@Nullable Object> all = new ArrayList<>(args);
        all.addAll(kwargs.values());
        for (Method method : module.getClass().getMethods()) {
            if (method.getName().equals("call") && method.getParameterCount() == count) {
                @Nullable Object[] values = new @Nullable Object[count];
                for (int i = 0; i < count; i++) {
                    values[i] = ForwardInput.converted(module, all.get(i), method.getParameterTypes()[i]);
                }
                return method.invoke(module, values);
            }
        }
        throw new Disagreement(module.getClass() + " takes one argument, not " + count);
    }
}
