package org.jtorch.nn;

import static org.jtorch.nn.Scenarios.keys;
import static org.jtorch.nn.Scenarios.linear;
import static org.jtorch.nn.Scenarios.names;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.SystemModels.Net;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Tanh;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares the keys and texts of containers after each change with PyTorch's. */
@SuppressWarnings("unused") // The fields are read by reflection.
class ContainerReplayTest {

    private static final Map<String, Function<Sequential, @Nullable Object>> SEQUENTIAL = new LinkedHashMap<>();

    static {
        SEQUENTIAL.put("[0]", m -> m.get(0));
        SEQUENTIAL.put("[-1]", m -> m.get(-1));
        SEQUENTIAL.put("[4]", m -> m.get(4));
        SEQUENTIAL.put("[-5]", m -> m.get(-5));
        SEQUENTIAL.put("[1:3]", m -> m.slice(1, 3));
        SEQUENTIAL.put("[:-1]", m -> m.slice(null, -1));
        SEQUENTIAL.put("[::2]", m -> m.slice(null, null, 2));
        SEQUENTIAL.put("[::-1]", m -> m.slice(null, null, -1));
        SEQUENTIAL.put("[3:0:-2]", m -> m.slice(3, 0, -2));
        SEQUENTIAL.put("[-10:10]", m -> m.slice(-10, 10));
        SEQUENTIAL.put("[3:1]", m -> m.slice(3, 1));
        SEQUENTIAL.put("set 1", m -> m.set(1, new ReLU()));
        SEQUENTIAL.put("set -1", m -> m.set(-1, new ReLU()));
        SEQUENTIAL.put("set 4", m -> m.set(4, new ReLU()));
        SEQUENTIAL.put("del 0", m -> m.delete(0));
        SEQUENTIAL.put("del -2", m -> m.delete(-2));
        SEQUENTIAL.put("del 4", m -> m.delete(4));
        SEQUENTIAL.put("del [1:3]", m -> m.deleteSlice(1, 3, 1));
        SEQUENTIAL.put("del [::2]", m -> m.deleteSlice(null, null, 2));
        SEQUENTIAL.put("append", m -> m.append(new ReLU()));
        SEQUENTIAL.put("insert 0", m -> m.insert(0, new ReLU()));
        SEQUENTIAL.put("insert 4", m -> m.insert(4, new ReLU()));
        SEQUENTIAL.put("insert -1", m -> m.insert(-1, new ReLU()));
        SEQUENTIAL.put("insert 5", m -> m.insert(5, new ReLU()));
        SEQUENTIAL.put("insert -5", m -> m.insert(-5, new ReLU()));
        SEQUENTIAL.put("extend", m -> m.extend(new Sequential(linear(7), linear(8))));
        SEQUENTIAL.put("extend self", m -> m.extend(m));
        SEQUENTIAL.put("pop 1", m -> m.pop(1));
        SEQUENTIAL.put("pop -1", m -> m.pop(-1));
        SEQUENTIAL.put("plus", m -> m.plus(new Sequential(linear(7))));
        SEQUENTIAL.put("times 2", m -> m.times(2));
        SEQUENTIAL.put("times 0", m -> m.times(0));
        SEQUENTIAL.put("add_module 1", m -> {
            m.addModule("1", new ReLU());
            return null;
        });
        SEQUENTIAL.put("add_module x", m -> m.add("x", new ReLU()));
    }

    private static Sequential sequential() {
        return new Sequential(linear(1), linear(2), linear(3), linear(4));
    }

    private static Sequential named() {
        return new Sequential(
                SystemModels.<Module<Tensor, Tensor>>ordered("first", linear(1), "act", new ReLU(), "last", linear(2)));
    }

    private static ModuleList<Layer> list() {
        return new ModuleList<>(linear(1), linear(2), linear(3), linear(3));
    }

    private static ModuleDict<Module<?, ?>> dict() {
        return new ModuleDict<>(
                SystemModels.<Module<?, ?>>ordered("b", linear(1), "a", new ReLU(), "c", new ModuleDict<>()));
    }

    private static ParameterList parameterList() {
        return new ParameterList(
                new Parameter(Torch.ones(2, 3)),
                Torch.ones(new long[] {4}, DType.FLOAT64),
                new Parameter(Torch.ones(new long[0])));
    }

    private static ParameterDict parameterDict() {
        return new ParameterDict(SystemModels.<Tensor>ordered(
                "b", Torch.ones(2, 3), "a", new Parameter(Torch.ones(new long[] {1}, DType.BFLOAT16), false)));
    }

    private static final class Extra extends SystemModels.Plain {
        private final String text;

        Extra(String text, Module<?, ?>... children) {
            this.text = text;
            for (int i = 0; i < children.length; i++) {
                registerModule("c" + i, children[i]);
            }
        }

        @Override
        protected String extraRepr() {
            return text;
        }
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        Scenarios s = new Scenarios();
        SEQUENTIAL.forEach((name, change) -> s.after("Sequential " + name, ContainerReplayTest::sequential, change));
        for (String name :
                List.of("[0]", "[1:3]", "set 1", "del 0", "append", "extend", "plus", "pop 1", "add_module x")) {
            s.after("named Sequential " + name, ContainerReplayTest::named, SEQUENTIAL.get(name));
        }
        moduleList(s);
        moduleDict(s);
        parameterList(s);
        parameterDict(s);
        texts(s);
        return s.compare("modules_system/containers.txt");
    }

    private static void moduleList(Scenarios s) {
        Map<String, Function<ModuleList<Layer>, @Nullable Object>> changes = new LinkedHashMap<>();
        changes.put("[1:3]", m -> m.slice(1, 3, 1));
        changes.put("[::-1]", m -> m.slice(null, null, -1));
        changes.put("[-2:]", m -> m.slice(-2, null, 1));
        changes.put("set 1", m -> m.set(1, new ReLU()) == null);
        changes.put("del 0", m -> m.pop(0) == null);
        changes.put("del [::2]", m -> m.deleteSlice(null, null, 2));
        changes.put("append", m -> m.append(new ReLU()));
        changes.put("insert 0", m -> m.insert(0, new ReLU()));
        changes.put("insert 4", m -> m.insert(4, new ReLU()));
        changes.put("extend", m -> m.extend(List.of(linear(3))));
        changes.put("pop 1", m -> m.pop(1));
        changes.put("pop -1", m -> m.pop(-1));
        changes.put("pop 4", m -> m.pop(4));
        changes.put("plus", m -> m.plus(List.of(new ReLU())));
        changes.forEach((name, change) -> s.after("ModuleList " + name, ContainerReplayTest::list, change));
    }

    private static void moduleDict(Scenarios s) {
        Map<String, Function<ModuleDict<Module<?, ?>>, @Nullable Object>> changes = new LinkedHashMap<>();
        changes.put("replace", m -> m.put("b", new Tanh()) == null);
        changes.put("new", m -> m.put("d", new Tanh()) == null);
        changes.put("del", m -> m.remove("b") == null);
        changes.put("pop", m -> m.pop("a"));
        changes.put("clear", m -> {
            m.clear();
            return null;
        });
        changes.put("update", m -> m.update(SystemModels.<Module<?, ?>>ordered("z", new Tanh(), "a", new Tanh())));
        changes.put("update pairs", m -> m.update(List.of(new Named<>("z", new Tanh()))));
        changes.put("dot", m -> m.put("a.b", new Tanh()));
        changes.put("empty", m -> m.put("", new Tanh()));
        changes.forEach((name, change) -> s.after("ModuleDict " + name, ContainerReplayTest::dict, change));
        s.play(
                "ModuleDict keys",
                () -> List.copyOf(dict().keySet()),
                () -> keys(dict()),
                () -> dict().containsKey("a"),
                () -> dict().size());
    }

    private static void parameterList(Scenarios s) {
        s.play(
                "ParameterList",
                ContainerReplayTest::parameterList,
                () -> keys(parameterList()),
                () -> parameterList().stream().map(Tensor::requiresGrad).toList(),
                () -> names(parameterList().namedParameters()));
        s.play("ParameterList empty", ParameterList::new, () -> new ParameterList(Torch.ones(2)));
        s.play("ParameterList in a module", () -> new ModuleList<>(parameterList(), parameterList()).toString(), () -> {
            SystemModels.Plain holder = new SystemModels.Plain() {
                ParameterList p = new ParameterList(Torch.ones(1));

                @Override
                public String className() {
                    return "Sequential";
                }
            };
            return holder.toString();
        });
        Map<String, Function<ParameterList, @Nullable Object>> changes = new LinkedHashMap<>();
        changes.put("[1:]", m -> m.slice(1, null, 1));
        changes.put("[::-1]", m -> m.slice(null, null, -1));
        changes.put("set 1", m -> m.set(1, new Parameter(Torch.ones(7))) == null);
        changes.put("append", m -> m.append(Torch.ones(2)));
        changes.put("extend", m -> m.extend(List.of(Torch.ones(2), Torch.ones(3))));
        changes.put("call", m -> m.call(1));
        changes.forEach((name, change) -> s.after("ParameterList " + name, ContainerReplayTest::parameterList, change));
    }

    private static void parameterDict(Scenarios s) {
        s.play(
                "ParameterDict",
                ContainerReplayTest::parameterDict,
                () -> keys(parameterDict()),
                () -> parameterDict().values().stream()
                        .map(Tensor::requiresGrad)
                        .toList());
        s.play(
                "ParameterDict dtypes",
                () -> {
                    ParameterDict all = new ParameterDict();
                    for (DType d : List.of(
                            DType.FLOAT32,
                            DType.FLOAT64,
                            DType.FLOAT16,
                            DType.BFLOAT16,
                            DType.UINT8,
                            DType.INT8,
                            DType.INT16,
                            DType.INT32,
                            DType.INT64,
                            DType.BOOL,
                            DType.COMPLEX64,
                            DType.COMPLEX128)) {
                        all.put("x_" + d.toString().substring(6), new Parameter(Torch.zeros(new long[] {1}, d), false));
                    }
                    return all;
                },
                () -> new ParameterDict(Map.of("m", Torch.zeros(new long[] {1}, TensorOptions.of(Device.META)))));
        Map<String, Function<ParameterDict, @Nullable Object>> changes = new LinkedHashMap<>();
        changes.put("replace", m -> m.put("b", Torch.ones(7)) == null);
        changes.put("new", m -> m.put("c", Torch.ones(7)) == null);
        changes.put("del", m -> m.remove("b") == null);
        changes.put("pop", m -> m.pop("b").shape());
        changes.put("popitem", m -> m.popitem().name());
        changes.put("setdefault", m -> m.setdefault("b", Torch.ones(9)) == null);
        changes.put("setdefault new", m -> m.setdefault("n", Torch.ones(9)) == null);
        changes.put("or", m -> m.or(SystemModels.<Tensor>ordered("b", Torch.ones(9), "z", Torch.ones(1))));
        changes.put("update", m -> m.update(SystemModels.<Tensor>ordered("z", Torch.ones(1), "a", Torch.ones(2))));
        changes.put("copy", ParameterDict::copy);
        changes.put("clear", m -> {
            m.clear();
            return null;
        });
        changes.put("dot", m -> m.put("a.b", Torch.ones(1)));
        changes.put("empty", m -> m.put("", Torch.ones(1)));
        changes.put("fromkeys", m -> ParameterDict.fromkeys(List.of("x", "y"), Torch.ones(2)));
        changes.put("call", m -> m.call(1));
        changes.forEach((name, change) -> s.after("ParameterDict " + name, ContainerReplayTest::parameterDict, change));
    }

    private static void texts(Scenarios s) {
        s.play("repr nested", Net::new);
        s.play(
                "repr extra",
                () -> new Extra("a=1"),
                () -> new Extra("a=1", linear(1)),
                () -> new Extra("a=1\nb=2"),
                () -> new Extra("a=1\n\nb=2", new Extra("x\n\ny")),
                () -> new Extra("", new Extra("")));
        s.play(
                "repr lists",
                () -> new ModuleList<>(
                        new ModuleList<>(), new ModuleList<>(), new ModuleList<Module<?, ?>>(linear(1), linear(1))),
                ModuleDict::new,
                () -> new ModuleDict<>(Map.of("a", new ModuleList<>(linear(1)))),
                () -> new Sequential(new Sequential(), new Sequential(new Sequential())));
    }
}
