package org.jtorch.nn;

import org.jspecify.annotations.Nullable;

/** Finds what is at a dotted path, with PyTorch's messages if there is nothing. */
final class Paths {

    private Paths() {}

    static Module<?, ?> submodule(Module<?, ?> root, String target) {
        Module<?, ?> module = root;
        if (!target.isEmpty()) {
            for (String atom : target.split("\\.", -1)) {
                if (!(attribute(module, atom) instanceof Module<?, ?> child)) {
                    throw new IllegalArgumentException("`" + atom + "` is not an nn.Module");
                }
                module = child;
            }
        }
        return module;
    }

    /** Returns the module as an instance of a class. */
    static <M extends Module<?, ?>> M cast(Module<?, ?> module, String name, Class<M> type) {
        if (!type.isInstance(module)) {
            throw new IllegalArgumentException(
                    "`" + name + "` is a " + module.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return type.cast(module);
    }

    static void setSubmodule(Module<?, ?> root, String target, Module<?, ?> module, boolean strict) {
        if (target.isEmpty()) {
            throw new IllegalArgumentException("Cannot set the submodule without a target name!");
        }
        Module<?, ?> parent = submodule(root, parentOf(target));
        String name = nameOf(target);
        Object there = parent.attribute(name);
        if (strict && there == Registry.NOTHING) {
            throw noAttribute(parent, name);
        }
        if (there != Registry.NOTHING && !(there instanceof Module)) {
            throw new IllegalArgumentException("`" + name + "` is not an nn.Module");
        }
        parent.registerModule(name, module);
    }

    static Parameter parameter(Module<?, ?> root, String target) {
        String name = nameOf(target);
        if (attribute(submodule(root, parentOf(target)), name) instanceof Parameter parameter) {
            return parameter;
        }
        throw new IllegalArgumentException("`" + name + "` is not an nn.Parameter");
    }

    static Buffer buffer(Module<?, ?> root, String target) {
        String name = nameOf(target);
        if (attribute(submodule(root, parentOf(target)), name) instanceof Buffer buffer) {
            return buffer;
        }
        throw new IllegalArgumentException("`" + name + "` is not a buffer");
    }

    private static @Nullable Object attribute(Module<?, ?> module, String name) {
        Object value = module.attribute(name);
        if (value == Registry.NOTHING) {
            throw noAttribute(module, name);
        }
        return value;
    }

    private static IllegalArgumentException noAttribute(Module<?, ?> module, String name) {
        return new IllegalArgumentException(module.className() + " has no attribute `" + name + "`");
    }

    private static String parentOf(String target) {
        return target.substring(0, Math.max(target.lastIndexOf('.'), 0));
    }

    private static String nameOf(String target) {
        return target.substring(target.lastIndexOf('.') + 1);
    }
}
