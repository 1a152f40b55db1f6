package org.jtorch.nn.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleDict;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.ParameterDict;
import org.jtorch.nn.ParameterList;
import org.jtorch.nn.Sequential;

/** The constructors of containers. */
final class ContainerSpecs {

    private ContainerSpecs() {}

    static void enter(Catalog c) {
        c.add("Sequential(*args)", ContainerSpecs::sequential);
        c.add("ModuleList(modules=None)", a -> {
            List<Module<?, ?>> modules = new ArrayList<>();
            if (!a.isNone("modules")) {
                a.list("modules").forEach(m -> modules.add(a.moduleOf("modules", m)));
            }
            return new ModuleList<Module<?, ?>>(modules);
        });
        c.add("ModuleDict(modules=None)", a -> {
            Map<String, Module<?, ?>> modules = new LinkedHashMap<>();
            if (a.get("modules") instanceof Map<?, ?> given) {
                given.forEach((name, m) -> modules.put(String.valueOf(name), a.moduleOf("modules", m)));
            } else if (!a.isNone("modules")) {
                throw new IllegalArgumentException(
                        "ModuleDict's argument 'modules' is " + a.get("modules") + ": give a map");
            }
            return new ModuleDict<Module<?, ?>>(modules);
        });
        c.add("ParameterList(values=None)", a -> {
            List<Tensor> values = new ArrayList<>();
            if (!a.isNone("values")) {
                a.list("values").forEach(v -> values.add(a.tensorOf("values", v)));
            }
            return new ParameterList(values);
        });
        c.add("ParameterDict(parameters=None)", a -> {
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            if (a.get("parameters") instanceof Map<?, ?> given) {
                given.forEach((name, v) -> parameters.put(String.valueOf(name), a.tensorOf("parameters", v)));
            } else if (!a.isNone("parameters")) {
                throw new IllegalArgumentException(
                        "ParameterDict's argument 'parameters' is " + a.get("parameters") + ": give a map");
            }
            return new ParameterDict(parameters);
        });
    }

    /** Creates a container from modules by position, or from one map of modules by name. */
    private static Sequential sequential(Arguments a) {
        Sequential sequential = new Sequential();
        if (a.rest().size() == 1 && a.rest().get(0) instanceof Map<?, ?> named) {
            named.forEach(
                    (name, m) -> sequential.registerModule(String.valueOf(name), a.moduleOf(String.valueOf(name), m)));
        } else {
            for (int i = 0; i < a.rest().size(); i++) {
                sequential.registerModule(
                        String.valueOf(i),
                        a.moduleOf(String.valueOf(i), a.rest().get(i)));
            }
        }
        return sequential;
    }
}
