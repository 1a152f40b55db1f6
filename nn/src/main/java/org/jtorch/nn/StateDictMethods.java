package org.jtorch.nn;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.jtorch.nn.state.StateDictLoad;

/**
 * Which methods of the state dict a module class overrides; found once a class. As in PyTorch, overriding
 * {@link Module#getExtraState} is what gives a class the key {@code _extra_state}.
 *
 * @param savesExtra it overrides {@link Module#getExtraState}
 * @param loadsExtra it overrides {@link Module#setExtraState}
 * @param loadsItself it overrides {@link Module#loadFrom}
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
