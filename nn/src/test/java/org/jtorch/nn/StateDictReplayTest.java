package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.hooks.StateDictPreHook;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.InstanceNorm1d;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.state.StateDictLoad;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The scenarios of parity/record/state_dict.py, each under the same name. */
class StateDictReplayTest {

    // --- the modules -------------------------------------------------------------------------------------------

    /** A module that is not called. */
    static class Holder extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    static final class Leaf extends Holder {
        Parameter w = new Parameter(ones());
    }

    static final class Node extends Holder {
        Parameter w = new Parameter(ones());
        Leaf a = new Leaf();
        Leaf b = new Leaf();
    }

    static final class Root extends Holder {
        Parameter w = new Parameter(ones());
        Node node = new Node();
        Leaf c = new Leaf();
    }

    static final class Rich extends Holder {
        Parameter w = new Parameter(ones());

        Buffer kept = new Buffer(Torch.zeros(1));

        Buffer lost = new Buffer(Torch.zeros(1), o -> o.persistent(false));

        Leaf one = new Leaf();
        Leaf two = one;
        Leaf three = new Leaf();

        Rich() {
            registerParameter("none", null);
            registerBuffer("no_buffer", null);
            registerModule("absent", null);
            three.w = w;
        }
    }

    static class Extra extends Holder {
        Parameter w = new Parameter(ones());

        Buffer b = new Buffer(Torch.zeros(1));

        Leaf inner = new Leaf();

        @Unregistered
        @Nullable
        Object state;

        Extra(@Nullable Object state) {
            this.state = state;
        }

        @Override
        public @Nullable Object getExtraState() {
            return state;
        }

        @Override
        public void setExtraState(@Nullable Object newState) {
            state = newState;
        }
    }

    static final class Versioned extends Holder {
        Parameter weight = new Parameter(Torch.zeros(2));
        Leaf inner = new Leaf();

        @Unregistered
        final List<Object> seen = new ArrayList<>();

        @Override
        protected long stateVersion() {
            return 3;
        }

        @Override
        protected void loadFrom(StateDictLoad load) {
            Long version = load.version();
            String prefix = load.prefix();
            StateDict d = load.stateDict();
            seen.add(Arrays.asList(
                    prefix,
                    version,
                    load.strict(),
                    List.copyOf(d.entries().keySet()),
                    new ArrayList<>(new TreeMap<>(load.localMetadata()).keySet())));
            if ((version == null || version < 2) && d.containsKey(prefix + "kernel")) {
                d.put(prefix + "weight", d.remove(prefix + "kernel"));
            }
            if ((version == null || version < 3) && d.containsKey(prefix + "weight")) {
                d.put(prefix + "weight", d.get(prefix + "weight").mul(2));
            }
            if (version != null && version == 4) {
                load.errorMsgs().add("version 4 is not known");
            }
            super.loadFrom(load);
            seen.add(list(weight));
        }

        @Override
        protected void saveTo(StateDict destination, String prefix, boolean keepVars) {
            super.saveTo(destination, prefix, keepVars);
            destination.put(prefix + "more", Torch.ones(1));
        }
    }

    @SafeVarargs
    private static Sequential sequential(Module<Tensor, Tensor>... modules) {
        return new Sequential(modules);
    }

    // --- what is recorded of them ------------------------------------------------------------------------------

    private static Tensor ones() {
        return Torch.ones(2);
    }

    private static Tensor full(double value) {
        return Torch.full(new long[] {2}, value);
    }

    private static List<Double> list(Tensor t) {
        List<Double> values = new ArrayList<>();
        for (long i = 0; i < t.numel(); i++) {
            values.add(t.detach().flatten().select(0, i).item());
        }
        return values;
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            result.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return result;
    }

    private static Map<String, Object> with(Map<String, Object> first, Object... keysAndValues) {
        Map<String, Object> result = new LinkedHashMap<>(first);
        result.putAll(map(keysAndValues));
        return result;
    }

    private static Map<String, Object> named(StateDict d) {
        return map("keys", List.copyOf(d.entries().keySet()), "metadata", d.metadata());
    }

    private static Map<String, Object> load(Module<?, ?> module, Map<String, Tensor> d) {
        return load(module, d, true, false);
    }

    private static Map<String, Object> load(
            Module<?, ?> module, Map<String, Tensor> d, boolean strict, boolean assign) {
        boolean meta = module.parameters().stream().anyMatch(p -> p.isUninitialized() || p.isMeta());
        String before = meta ? "" : values(module).toString();
        try {
            IncompatibleKeys keys = module.loadStateDict(d, strict, assign);
            return map("missing", keys.missingKeys(), "unexpected", keys.unexpectedKeys(), "text", keys.toString());
        } catch (StateDictException e) {
            assertEquals(before, meta ? "" : values(module).toString(), "nothing is half loaded");
            return map("error", e.text());
        }
    }

    private static Map<String, Object> values(Module<?, ?> module) {
        return map(module.stateDict().entrySet().stream()
                .flatMap(e -> Stream.of(e.getKey(), list(e.getValue())))
                .toArray());
    }

    private static <T> Map<String, Object> parameters(Module<?, ?> module, Function<Parameter, T> what) {
        Map<String, Object> result = new LinkedHashMap<>();
        module.namedParameters().forEach(p -> result.put(p.name(), what.apply(p.value())));
        return result;
    }

    private static String python(List<String> keys) {
        return keys.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String python(Map<String, Object> metadata) {
        return new TreeMap<>(metadata)
                .entrySet().stream()
                        .map(e -> "('" + e.getKey() + "', " + (e.getValue() instanceof Boolean ? "True" : e.getValue())
                                + ")")
                        .collect(Collectors.joining(", ", "[", "]"));
    }

    private static void hookAll(Module<?, ?> root, List<Object> events) {
        root.namedModules().forEach(m -> {
            String label = m.name().isEmpty() ? "root" : m.name();
            m.value()
                    .registerStateDictPreHook((module, prefix, keepVars) ->
                            events.add("pre " + label + " '" + prefix + "' " + PythonText.of(keepVars)));
            m.value()
                    .registerStateDictPostHook((module, d, prefix, metadata) -> events.add("post " + label + " '"
                            + prefix + "' " + d.entries().size() + " " + metadata.get("version")));
        });
    }

    private static void hookLoading(Module<?, ?> root, List<Object> events) {
        root.namedModules().forEach(m -> {
            String label = m.name().isEmpty() ? "root" : m.name();
            m.value()
                    .registerLoadStateDictPreHook((module, load) -> events.add("pre " + label + " '" + load.prefix()
                            + "' "
                            + python(List.copyOf(load.stateDict().entries().keySet())) + " "
                            + python(load.localMetadata()) + " " + PythonText.of(load.strict()) + " "
                            + python(load.missingKeys()) + " " + python(load.unexpectedKeys()) + " "
                            + python(load.errorMsgs())));
            m.value()
                    .registerLoadStateDictPostHook((module, keys) -> events.add(
                            "post " + label + " " + python(keys.missingKeys()) + " " + python(keys.unexpectedKeys())));
        });
    }

    // --- the scenarios -----------------------------------------------------------------------------------------

    private final Map<String, Function<List<Object>, @Nullable Object>> scenarios = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> stateDictsDoWhatPyTorchsDo() throws IOException {
        saving();
        messages();
        extraState();
        loadHooks();
        migrations();
        lazyModules();
        assigning();
        ObjectMapper json = new ObjectMapper();
        JsonNode recorded = json.readTree(Recording.text("state_dict.json"));
        List<String> names = new ArrayList<>();
        recorded.fieldNames().forEachRemaining(names::add);
        assertEquals(
                new TreeMap<>(scenarios).keySet(),
                new TreeMap<>(names.stream().collect(Collectors.toMap(n -> n, n -> n))).keySet());
        return names.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    List<Object> events = new ArrayList<>();
                    Object result = scenarios.get(name).apply(events);
                    if (!events.isEmpty()) {
                        result = with(result == null ? map() : asMap(result), "events", events);
                    }
                    assertEquals(
                            recorded.get(name).toPrettyString(),
                            json.readTree(json.writeValueAsString(result)).toPrettyString());
                }));
    }

    @SuppressWarnings("unchecked") // The scenarios create no other maps.
    private static Map<String, Object> asMap(Object result) {
        return (Map<String, Object>) result;
    }

    private void saving() {
        scenarios.put("save_rich", events -> named(new Rich().stateDict()));
        scenarios.put("save_rich_with_prefix", events -> named(new Rich().stateDict("model.", false)));
        scenarios.put("save_with_a_prefix_without_dot", events -> named(new Root().stateDict("model", false)));
        scenarios.put("save_into_a_destination", events -> {
            StateDict d = new Leaf().stateDict("first.", false);
            StateDict same = new Node().stateDict(d, "second.", false);
            return with(named(d), "same", same == d);
        });
        scenarios.put("save_keep_vars", events -> {
            Rich m = new Rich();
            StateDict plain = m.stateDict();
            StateDict kept = m.stateDict("", true);
            Function<StateDict, Map<String, Object>> kinds = d -> map(d.entrySet().stream()
                    .flatMap(e -> Stream.of(
                            e.getKey(), List.of(e.getValue().requiresGrad(), e.getValue() instanceof Parameter)))
                    .toArray());
            boolean same = kept.get("w") == m.w && kept.get("kept") == m.kept && kept.get("three.w") == m.w;
            return map("plain", kinds.apply(plain), "kept", kinds.apply(kept), "same", same);
        });
        scenarios.put("save_extra_state", events -> {
            StateDict d = sequential(new Extra("text"), new Leaf(), new Extra(Map.of("a", 1)), new Extra(null))
                    .stateDict();
            Map<String, Object> extra = new LinkedHashMap<>(d.entries());
            extra.values().removeIf(v -> v instanceof Tensor);
            return with(named(d), "extra", extra);
        });
        scenarios.put("save_extra_state_tensor", events -> {
            StateDict d = new Extra(Torch.ones(3)).stateDict();
            return with(named(d), "is_tensor", d.containsKey("_extra_state"));
        });
        scenarios.put(
                "save_versioned",
                events -> named(sequential(new Versioned(), new BatchNorm2d(1)).stateDict("m.", false)));
        scenarios.put("save_a_module_twice", events -> {
            Leaf one = new Leaf();
            return named(sequential(one, sequential(one, one)).stateDict());
        });
        scenarios.put("save_hook_order", events -> {
            Root m = new Root();
            hookAll(m, events);
            m.stateDict();
            m.node.stateDict("x.", true);
            return null;
        });
        scenarios.put("save_hooks_change_the_result", events -> {
            Root m = new Root();
            m.node.registerStateDictPostHook((module, d, prefix, metadata) -> {
                d.put(prefix + "added", d.remove(prefix + "w"));
                metadata.put("note", "changed");
            });
            m.c.registerStateDictPreHook(
                    (module, prefix, keepVars) -> m.c.w.data().fill_(5));
            StateDict d = m.stateDict();
            return with(named(d), "c", list(d.get("c.w")));
        });
        scenarios.put("save_hooks_removed", events -> {
            Leaf m = new Leaf();
            RemovableHandle first = m.registerStateDictPreHook((module, p, k) -> events.add("first"));
            RemovableHandle second = m.registerStateDictPreHook((module, p, k) -> events.add("second"));
            m.stateDict();
            first.remove();
            first.remove();
            m.stateDict();
            second.remove();
            m.stateDict();
            events.add("end");
            return null;
        });
        scenarios.put("save_hook_twice", events -> {
            Leaf m = new Leaf();
            AtomicInteger labels = new AtomicInteger();
            StateDictPreHook<Module<?, ?>> hook = (module, p, k) -> events.add("a" + labels.getAndIncrement());
            m.registerStateDictPreHook(hook);
            m.registerStateDictPreHook((module, p, k) -> events.add("b"));
            m.registerStateDictPreHook(hook).remove();
            m.stateDict();
            return null;
        });
        scenarios.put("strip_prefix", events -> {
            StateDict d = new StateDict();
            d.metadata().put("", new LinkedHashMap<>(Map.of("version", 7)));
            new Root().stateDict(d, "module.", false);
            return named(d.stripPrefix("module."));
        });
        scenarios.put("strip_prefix_where_only_some_have_it", events -> {
            StateDict d = sequential(new Leaf(), new Leaf()).stateDict().stripPrefix("0.");
            return map("keys", d.keySet().stream().sorted().toList());
        });
    }

    private void messages() {
        scenarios.put("load_odd_keys", events -> {
            StateDict d = new Rich().stateDict();
            for (String key : List.of(
                    "",
                    ".",
                    "w.",
                    ".w",
                    "w.deep",
                    "one",
                    "one.w.deep",
                    "a..b",
                    "one..w",
                    "absent.w",
                    "none",
                    "lost",
                    "no_buffer",
                    "absent",
                    "absentee.w",
                    "kept.x",
                    "two.x",
                    "one.x",
                    "three.x.y")) {
                d.put(key, ones());
            }
            return load(new Rich(), d);
        });
        scenarios.put("load_values_that_are_no_tensors", events -> {
            StateDict d = new Root().stateDict();
            d.putEntry("w", "text");
            d.putEntry("node.w", 3L);
            d.putEntry("node.a.w", 2.5);
            d.putEntry("node.b.w", List.of(1L));
            d.putEntry("c.w", Map.of("a", 1L));
            d.putEntry("other", null);
            return load(new Root(), d);
        });
        scenarios.put("load_none_and_bool", events -> {
            StateDict d = new Node().stateDict();
            d.putEntry("w", null);
            d.putEntry("a.w", true);
            return load(new Node(), d, false, false);
        });
        scenarios.put("load_from_meta", events -> {
            StateDict d = new Node().stateDict();
            d.put("w", Torch.empty(new long[] {2}, TensorOptions.of(Device.META)));
            d.put("b.w", Torch.ones(3));
            d.put("x", ones());
            d.remove("a.w");
            return load(new Node(), d);
        });
        scenarios.put("load_into_an_expanded_tensor", events -> {
            Node m = new Node();
            m.a.w = new Parameter(Torch.ones(1).expand(new long[] {2}));
            return load(m, new Node().stateDict());
        });
        scenarios.put("load_not_strict", events -> {
            StateDict d = new Root().stateDict();
            d.remove("node.a.w");
            d.put("node.x.w", Torch.ones(1));
            d.put("z", Torch.ones(1));
            return load(new Root(), d, false, false);
        });
        scenarios.put("load_one_element_into_a_scalar", events -> {
            Holder m = new Holder();
            Tensor s = Torch.ones(new long[0]);
            m.registerBuffer("s", s);
            Buffer held = m.getBuffer("s");
            Map<String, Object> said = load(m, Map.of("s", Torch.full(new long[] {1}, 4)));
            Map<String, Object> assigned = load(m, Map.of("s", Torch.full(new long[] {1}, 5)), true, true);
            return with(said, "value", held.item(), "shape", held.shape(), "assigned", assigned.get("text"));
        });
        scenarios.put("load_a_shared_module", events -> {
            Leaf one = new Leaf();
            Sequential m = sequential(one, sequential(one, new Leaf()));
            Map<String, Tensor> d = new LinkedHashMap<>();
            d.put("0.w", full(3));
            d.put("1.0.w", full(4));
            return List.of(load(m, Map.of()), load(m, d, false, false), values(m));
        });
    }

    private void extraState() {
        scenarios.put("load_extra_state", events -> {
            Extra first = new Extra("old");
            Extra last = new Extra("old");
            StateDict d = sequential(new Extra("new"), new Leaf(), new Extra(Map.of("a", 1)))
                    .stateDict();
            Map<String, Object> said = load(sequential(first, new Leaf(), last), d);
            return with(said, "states", Arrays.asList(first.state, last.state));
        });
        scenarios.put("load_extra_state_missing", events -> {
            Extra extra = new Extra("old");
            Sequential m = sequential(extra, new Leaf());
            StateDict d = m.stateDict();
            d.remove("0._extra_state");
            d.remove("0.b");
            return Arrays.asList(load(m, d), load(m, d, false, false), extra.state);
        });
        scenarios.put("load_extra_state_unexpected", events -> {
            Sequential m = sequential(new Leaf(), new Leaf());
            StateDict d = m.stateDict();
            d.put("0.y", Torch.ones(1));
            d.putEntry("0._extra_state", 3);
            d.putEntry("_extra_state", "x");
            d.put("0._extra_state.deep", Torch.ones(1));
            return load(m, d);
        });
        scenarios.put("load_extra_state_order", events -> {
            class Told extends Extra {
                Told(int state) {
                    super(state);
                }

                @Override
                public void setExtraState(@Nullable Object newState) {
                    events.add("extra " + newState + " " + list(w));
                }
            }

            Sequential m = sequential(new Told(1), new Told(2));
            hookLoading(m, events);
            load(m, m.stateDict());
            return null;
        });
    }

    private void loadHooks() {
        scenarios.put("load_hook_order", events -> {
            Root m = new Root();
            hookLoading(m, events);
            StateDict d = new Root().stateDict();
            d.remove("node.a.w");
            d.put("node.x", Torch.ones(1));
            d.put("c.w", Torch.ones(3));
            return load(m, d);
        });
        scenarios.put("load_hook_order_assign", events -> {
            Node m = new Node();
            hookLoading(m, events);
            return load(m, new LinkedHashMap<>(new Node().stateDict()), true, true);
        });
        scenarios.put("load_pre_hook_renames", events -> {
            Root m = new Root();
            m.node.registerLoadStateDictPreHook((module, load) -> {
                String old = load.prefix() + "old.";
                for (String key : List.copyOf(load.stateDict().keySet())) {
                    if (key.startsWith(old)) {
                        load.stateDict()
                                .put(
                                        load.prefix() + "a." + key.substring(old.length()),
                                        load.stateDict().remove(key));
                    }
                }
            });
            StateDict d = new Root().stateDict();
            d.put("node.old.w", full(9));
            d.remove("node.a.w");
            return with(load(m, d), "values", values(m));
        });
        scenarios.put("load_pre_hook_at_the_root_is_seen_below", events -> {
            Root m = new Root();
            m.registerLoadStateDictPreHook((module, load) -> {
                load.stateDict().put("node.a.w", full(8));
                load.stateDict().remove("stray");
                load.stateDict().put("node.b.extra", Torch.ones(1));
            });
            StateDict d = new Root().stateDict();
            d.put("stray", Torch.ones(1));
            List<String> before = List.copyOf(d.keySet());
            return with(load(m, d), "unchanged", before.equals(List.copyOf(d.keySet())));
        });
        scenarios.put("load_pre_hook_of_a_child_is_not_seen_beside_it", events -> {
            Root m = new Root();
            m.node.registerLoadStateDictPreHook((module, load) -> {
                load.stateDict().put("c.w", full(8));
                load.stateDict().put("c.extra", Torch.ones(1));
                load.stateDict().put("zzz", Torch.ones(1));
            });
            return with(load(m, new Root().stateDict()), "values", values(m));
        });
        scenarios.put("load_pre_hook_reports", events -> {
            Root m = new Root();
            m.node.a.registerLoadStateDictPreHook((module, load) -> {
                load.missingKeys().add("made.up");
                load.unexpectedKeys().add("also.made.up");
                load.errorMsgs().add("this will not do");
            });
            StateDict d = new Root().stateDict();
            d.put("c.x", Torch.ones(1));
            return load(m, d);
        });
        scenarios.put("load_post_hook_forgives", events -> {
            Root m = new Root();
            m.node.registerLoadStateDictPostHook(
                    (module, keys) -> keys.missingKeys().clear());
            m.registerLoadStateDictPostHook(
                    (module, keys) -> keys.unexpectedKeys().remove("stray"));
            StateDict d = new Root().stateDict();
            d.remove("node.a.w");
            d.put("stray", Torch.ones(1));
            return load(m, d);
        });
        scenarios.put("load_post_hook_adds", events -> {
            Root m = new Root();
            m.c.registerLoadStateDictPostHook(
                    (module, keys) -> keys.missingKeys().add("c.never"));
            m.c.registerLoadStateDictPostHook(
                    (module, keys) -> keys.unexpectedKeys().add("c.odd"));
            return List.of(load(m, new Root().stateDict()), load(m, new Root().stateDict(), false, false));
        });
        scenarios.put("load_post_hook_sees_the_values", events -> {
            Root m = new Root();
            m.node.a.registerLoadStateDictPostHook(
                    (module, keys) -> events.add(list(m.node.a.w).toString()));
            Map<String, Tensor> d = new LinkedHashMap<>();
            m.stateDict().keySet().forEach(key -> d.put(key, full(6)));
            load(m, d);
            return null;
        });
        scenarios.put("load_hooks_removed", events -> {
            Leaf m = new Leaf();
            RemovableHandle pre = m.registerLoadStateDictPreHook((module, load) -> events.add("pre"));
            RemovableHandle post = m.registerLoadStateDictPostHook((module, keys) -> events.add("post"));
            StateDict d = new Leaf().stateDict();
            m.loadStateDict(d);
            pre.remove();
            m.loadStateDict(d);
            post.remove();
            m.loadStateDict(d);
            events.add("end");
            return null;
        });
    }

    private void migrations() {
        scenarios.put("load_version_none", events -> {
            Versioned v = new Versioned();
            Sequential m = sequential(v);
            Map<String, Tensor> d = new LinkedHashMap<>();
            d.put("0.kernel", ones());
            d.put("0.inner.w", ones());
            return with(load(m, d), "seen", v.seen, "values", values(m));
        });
        scenarios.put("load_version_2", events -> {
            Versioned m = new Versioned();
            StateDict d = m.stateDict();
            d.metadata().put("", Map.of("version", 2));
            d.put("weight", ones());
            d.remove("more");
            return with(load(m, d), "seen", m.seen);
        });
        scenarios.put("load_version_3_assign", events -> {
            Versioned v = new Versioned();
            Map<String, Object> said =
                    load(sequential(v), sequential(new Versioned()).stateDict(), true, true);
            return with(said, "seen", v.seen);
        });
        scenarios.put("load_version_4", events -> {
            StateDict d = new Versioned().stateDict();
            d.metadata().put("", Map.of("version", 4));
            return load(new Versioned(), d);
        });
        scenarios.put("load_batch_norm_versions", events -> {
            Map<String, Object> result = new LinkedHashMap<>();
            for (Integer version : new Integer[] {null, 1, 2}) {
                for (boolean tracked : new boolean[] {true, false}) {
                    Consumer<BatchNorm2d.Options> options = o -> o.trackRunningStats(tracked);
                    BatchNorm2d to = new BatchNorm2d(1, options);
                    if (tracked) {
                        to.numBatchesTracked.fill_(7);
                    }
                    StateDict d = sequential(new BatchNorm2d(1, options)).stateDict();
                    d.remove("0.num_batches_tracked");
                    if (version == null) {
                        d.metadata().clear();
                    } else {
                        d.metadata().put("0", Map.of("version", version));
                    }
                    Object said = load(sequential(to), d);
                    result.put(
                            (version == null ? "None" : version) + " " + PythonText.of(tracked),
                            Arrays.asList(said, tracked ? to.numBatchesTracked.itemLong() : null));
                }
            }
            return result;
        });
        scenarios.put("load_instance_norm_of_old", events -> {
            Map<String, Object> result = new LinkedHashMap<>();
            for (Integer version : new Integer[] {null, 2}) {
                for (boolean tracked : new boolean[] {true, false}) {
                    StateDict d = sequential(new InstanceNorm1d(1, o -> o.trackRunningStats(true)))
                            .stateDict();
                    if (version == null) {
                        d.metadata().clear();
                    }
                    result.put(
                            (version == null ? "None" : version) + " " + PythonText.of(tracked),
                            load(sequential(new InstanceNorm1d(1, o -> o.trackRunningStats(tracked))), d));
                }
            }
            return result;
        });
    }

    private void lazyModules() {
        scenarios.put("load_into_lazy", events -> {
            Sequential m = sequential(new LazyLinear(2), new LazyLinear(1, o -> o.bias(false)));
            hookLoading(m, events);
            Map<String, Object> said = load(
                    m,
                    sequential(new Linear(3, 2), new Linear(2, 1, o -> o.bias(false)))
                            .stateDict());
            return with(
                    said,
                    "shapes",
                    map(m.stateDict().entrySet().stream()
                            .flatMap(e -> Stream.of(e.getKey(), e.getValue().shape()))
                            .toArray()));
        });
        scenarios.put("load_lazy_into_lazy", events -> {
            LazyLinear m = new LazyLinear(2);
            return with(load(m, new LazyLinear(2).stateDict()), "lazy", m.hasUninitializedParams());
        });
        scenarios.put("assign_to_lazy", events -> {
            LazyLinear m = new LazyLinear(2);
            Map<String, Object> said = load(m, new Linear(3, 2).stateDict(), true, true);
            return with(
                    said,
                    "shape",
                    m.weight.shape(),
                    "lazy",
                    m.hasUninitializedParams(),
                    "requires_grad",
                    m.weight.requiresGrad());
        });
    }

    private void assigning() {
        scenarios.put("assign_keeps_requires_grad", events -> {
            Node m = new Node();
            Parameter object = m.w;
            m.a.w.requiresGrad_(false);
            m.w.setGrad(ones());
            Map<String, Tensor> d = new LinkedHashMap<>();
            d.put("w", Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)));
            d.put("a.w", new Parameter(ones()));
            d.put("b.w", full(3).requiresGrad_(true).mul(2));
            Map<String, Object> said = load(m, d, true, true);
            assertEquals(object, m.w, "the object stays");
            Map<String, Object> shares = new LinkedHashMap<>();
            m.namedParameters().forEach(p -> shares.put(p.name(), p.value().isAliasOf(d.get(p.name()))));
            return with(
                    said,
                    "requires_grad",
                    parameters(m, Tensor::requiresGrad),
                    "dtype",
                    parameters(m, p -> "torch." + p.dtype().torchName()),
                    "grad",
                    parameters(m, p -> p.grad() != null),
                    "leaf",
                    parameters(m, Tensor::isLeaf),
                    "shares",
                    shares,
                    "values",
                    values(m));
        });
        scenarios.put("assign_integers", events -> {
            StateDict d = new Node().stateDict();
            d.put("a.w", Torch.ones(new long[] {2}, TensorOptions.of(DType.INT64)));
            return load(new Node(), d, true, true);
        });
        scenarios.put("assign_to_meta", events -> {
            Sequential m = sequential(
                    new Linear(2, 1, o -> o.device(Device.META)), new BatchNorm1d(1, o -> o.device(Device.META)));
            Map<String, Object> said =
                    load(m, sequential(new Linear(2, 1), new BatchNorm1d(1)).stateDict(), true, true);
            return with(
                    said,
                    "meta",
                    map(m.stateDict().entrySet().stream()
                            .flatMap(e -> Stream.of(e.getKey(), e.getValue().isMeta()))
                            .toArray()));
        });
        scenarios.put("assign_buffers", events -> {
            Holder m = new Holder();
            Tensor b = Torch.zeros(2);
            m.registerBuffer("b", b);
            Buffer held = m.getBuffer("b");
            Tensor source = Torch.ones(new long[] {2}, TensorOptions.of(DType.INT64));
            Map<String, Object> said = load(m, Map.of("b", source), true, true);
            return with(said, "dtype", "torch." + held.dtype().torchName(), "shares", held.isAliasOf(source));
        });
        scenarios.put("assign_mismatch", events -> {
            StateDict d = new Node().stateDict();
            d.put("a.w", Torch.ones(3));
            d.put("x", Torch.ones(1));
            d.remove("w");
            return load(new Node(), d, true, true);
        });
    }
}
