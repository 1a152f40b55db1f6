package org.jtorch.nn;

import static org.jtorch.nn.Scenarios.keys;
import static org.jtorch.nn.Scenarios.linear;
import static org.jtorch.nn.Scenarios.names;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jtorch.Torch;
import org.jtorch.nn.SystemModels.Block;
import org.jtorch.nn.SystemModels.Net;
import org.jtorch.nn.linear.Identity;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares registration by name, traversals and paths with PyTorch's. */
class RegistrationReplayTest {

    private final Scenarios s = new Scenarios();

    private static List<String> setAt(String target, boolean strict) {
        Net m = new Net();
        m.setSubmodule(target, new Identity(), strict);
        List<String> result = new ArrayList<>();
        m.namedModules().forEach(n -> {
            if (n.value() instanceof Identity) {
                result.add(n.name());
            }
        });
        result.addAll(keys(m));
        return result;
    }

    private static Block absent() {
        Block m = new Block();
        m.registerModule("m", null);
        m.registerParameter("p", null);
        m.registerBuffer("b", null);
        m.registerBuffer("scratch", Torch.ones(1), false);
        m.registerModule("n", linear(1));
        return m;
    }

    private static Block replaced() {
        Block m = new Block();
        m.registerModule("fc", linear(1));
        m.registerParameter("gamma", new Parameter(Torch.ones(1)));
        m.registerBuffer("running_mean", Torch.ones(3));
        return m;
    }

    @TestFactory
    Stream<DynamicTest> asPyTorch() {
        for (String name : List.of("a.b", "", ".", "fc", "gamma", "running_mean", "size", "training", "new")) {
            s.play("register_module '" + name + "'", () -> {
                new Block().registerModule(name, linear(1));
                return null;
            });
            s.play("register_parameter '" + name + "'", () -> {
                new Block().registerParameter(name, new Parameter(Torch.ones(1)));
                return null;
            });
            s.play("register_buffer '" + name + "'", () -> {
                new Block().registerBuffer(name, Torch.ones(1));
                return null;
            });
        }
        s.play("non-leaf parameter", () -> {
            Parameter computed = new Parameter(Torch.ones(1), false);
            computed.add_(new Parameter(Torch.ones(1)));
            new Block().registerParameter("w", computed);
            return null;
        });
        s.play(
                "absent",
                RegistrationReplayTest::absent,
                () -> keys(absent()),
                () -> names(absent().namedChildren()),
                () -> names(absent().namedBuffers()));
        s.play("replaced", RegistrationReplayTest::replaced, () -> replaced().stateDict().values().stream()
                .map(Scenarios::shape)
                .toList());

        Net n = new Net();
        s.play("named_modules", () -> names(n.namedModules()));
        s.play("named_modules prefix", () -> names(n.namedModules("p", true)));
        s.play("named_modules duplicates", () -> names(n.namedModules("", false)));
        s.play("named_parameters", () -> names(n.namedParameters()));
        s.play("named_parameters prefix", () -> names(n.namedParameters("p", true, true)));
        s.play("named_parameters own", () -> names(n.block.namedParameters("p", false, true)));
        s.play("named_parameters duplicates", () -> names(n.namedParameters("", true, false)));
        s.play("named_buffers", () -> names(n.namedBuffers()), () -> names(n.block.namedBuffers("", false, true)));
        s.play(
                "counts",
                () -> n.modules().size(),
                () -> n.modules(false).size(),
                () -> n.parameters().size(),
                () -> n.block.parameters(false).size(),
                () -> n.buffers(false).size());

        for (String target : List.of(
                "",
                "block",
                "block.fc",
                "layers.1.0",
                "layers.2",
                "head.a",
                "head.c",
                "block.fc.weight",
                "block.size",
                "block.none",
                "block..fc",
                "nope.fc",
                "block.gamma",
                ".",
                "layers.-1")) {
            s.play("get_submodule " + target, () -> n.getSubmodule(target).className());
        }
        for (String target : List.of(
                "block.fc.weight",
                "block.gamma",
                "block.no_bias.bias",
                "block.fc",
                "block.nope",
                "nope.weight",
                "",
                "block.running_mean",
                "layers.0.weight")) {
            s.play("get_parameter " + target, () -> n.getParameter(target).shape());
        }
        for (String target : List.of(
                "block.running_mean", "block.cache", "block.gamma", "block.nope", "nope.x", "block.fc", "block.size")) {
            s.play("get_buffer " + target, () -> n.getBuffer(target).shape());
        }
        for (String target : List.of(
                "layers.0",
                "layers.1.0",
                "layers.1.act",
                "layers.2",
                "head.a",
                "head.new",
                "block.new",
                "block.gamma",
                "block.size",
                "",
                "nope.x",
                "new",
                "block.running_mean")) {
            s.play("set_submodule " + target + " False", () -> setAt(target, false));
            s.play("set_submodule " + target + " True", () -> setAt(target, true));
        }
        return s.compare("modules_system/registration.txt");
    }
}
