package org.jtorch.nn;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.jtorch.nn.state.StateDictLoad;

/**
 * The state dict methods that a module class overrides, determined once for each class. As in PyTorch, a class has the key
 * {@code _extra_state} if it overrides {@link Module#getExtraState}.
 *
 * @param savesExtra whether it overrides {@link Module#getExtraState}
 * @param loadsExtra whether it overrides {@link Module#setExtraState}
 * @param loadsItself whether it overrides {@link Module#loadFrom}
 */
record StateDictMethods(boolean savesExtra, boolean loadsExtra, boolean loadsItself) {

    static StateDictMethods of(Class<?> type) {
        return new StateDictMethods(
                overrides(type, "getExtraState"),
                overrides(type, "setExtraState", Object.class),
                overrides(type, "loadFrom", StateDictLoad.class));
    }

    private static boolean overrides(Class<?> type, String method, Class<?>... arguments) {
        for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
            for (Method declared : c.getDeclaredMethods()) {
                if (declared.getName().equals(method) && Arrays.equals(declared.getParameterTypes(), arguments)) {
                    return true;
                }
            }
        }
        return false;
    }
}
