package org.jtorch.nn.utils;

import static org.jtorch.nn.utils.Replay.grid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.utils.parametrizations.Parametrizations;
import org.jtorch.nn.utils.parametrize.Parametrize;
import org.junit.jupiter.api.Test;

/** Loading older forms of normalized weights: the end of parity/record/parametrize.py has the same scenarios. */
class NormMigrationTest {

    private static final Replay RECORDED = new Replay("norm_migrations.txt");

    private static <M extends Module<?, ?>> M filled(M module) {
        try (GradMode mode = Autograd.noGrad()) {
            module.parameters().forEach(p -> p.copy_(grid(p.shape())));
        }
        return module;
    }

    private static Linear spectral() {
        return SpectralNorm.spectralNorm(filled(new Linear(2, 4)));
    }

    private static Conv2d conv() {
        return filled(new Conv2d(2, 3, 2));
    }

    /** Returns the recorded tensors of an older state dict, without the given ones. */
    private static StateDict old(String kind, String prefix, String... without) {
        StateDict state = new StateDict();
        for (String key : kind.equals("spectral")
                ? new String[] {"bias", "weight_orig", "weight_u", "weight"}
                : new String[] {"bias", "weight_g", "weight_v"}) {
            if (!Arrays.asList(without).contains(key)) {
                state.put(prefix + key, RECORDED.tensor(kind + " old " + key));
            }
        }
        return state;
    }

    private static String python(IncompatibleKeys keys) {
        return keys.missingKeys().isEmpty() && keys.unexpectedKeys().isEmpty()
                ? "<All keys matched successfully>"
                : "_IncompatibleKeys(missing_keys=" + list(keys.missingKeys()) + ", unexpected_keys="
                        + list(keys.unexpectedKeys()) + ")";
    }

    private static String list(List<String> keys) {
        return keys.stream().map(k -> "'" + k + "'").collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void spectralNormSavesItsVersion() {
        Linear twice = SpectralNorm.spectralNorm(SpectralNorm.spectralNorm(new Linear(3, 3)), "bias");
        Map<String, Object> metadata =
                new Sequential(twice).stateDict().metadata().get("0");
        assertEquals(1L, metadata.get("version"));
        RECORDED.text(
                "spectral metadata",
                ((Map<?, ?>) metadata.get("spectral_norm"))
                        .entrySet().stream()
                                .map(e -> e.getKey() + " " + e.getValue())
                                .collect(Collectors.joining("\n")));
    }

    @Test
    void spectralNormOfBeforeItsFirstVersionLoads() {
        Linear fresh = spectral();
        fresh.loadStateDict(old("spectral", ""));
        fresh.stateDict().forEach((key, tensor) -> RECORDED.value("spectral loaded " + key, tensor));
        fresh.eval();
        RECORDED.value("spectral loaded y", fresh.call(grid(3, 2)));

        Sequential nested = new Sequential(spectral());
        nested.loadStateDict(old("spectral", "0."));
        RECORDED.value("spectral nested weight_v", nested.getBuffer("0.weight_v"));
    }

    @Test
    void spectralNormMissingPartsAreNamed() {
        RECORDED.text("spectral missing", python(spectral().loadStateDict(old("spectral", "", "weight_u"), false)));
        RECORDED.fails("spectral missing strict", StateDictException.class, () -> spectral()
                .loadStateDict(old("spectral", "", "weight_u", "weight")));
    }

    @Test
    void spectralNormWithoutAVersionButWithEveryKeyIsCurrent() {
        StateDict unmarked = new StateDict();
        spectral().stateDict().forEach(unmarked::put);
        RECORDED.text("spectral unmarked", python(spectral().loadStateDict(unmarked)));
    }

    @Test
    void spectralNormTakenOffIsForgotten() {
        Linear removed = SpectralNorm.removeSpectralNorm(spectral());
        assertEquals(Map.of("version", 1L), removed.stateDict().metadata().get(""));
        assertEquals(
                List.of("weight_orig", "weight_u"),
                removed.loadStateDict(old("spectral", ""), false).unexpectedKeys());
    }

    @Test
    void spectralNormOfACopyIsItsOwn() {
        Linear copy = Module.deepCopy(spectral());
        copy.loadStateDict(old("spectral", ""));
        RECORDED.value("spectral loaded weight_v", copy.getBuffer("weight_v"));
    }

    @Test
    void weightNormTakesTheOlderKeys() {
        Conv2d m = Parametrizations.weightNorm(conv(), "weight", 1);
        m.loadStateDict(old("weight", ""));
        m.stateDict().forEach((key, tensor) -> RECORDED.value("weight loaded " + key, tensor));
        RECORDED.value("weight loaded y", m.call(grid(1, 2, 3, 3)));
        Sequential nested = new Sequential(Parametrizations.weightNorm(conv(), "weight", 1));
        RECORDED.text("weight nested", python(nested.loadStateDict(old("weight", "0."))));

        RECORDED.fails("weight half", StateDictException.class, () -> Parametrizations.weightNorm(conv(), "weight", 1)
                .loadStateDict(old("weight", "", "weight_g")));
        Parametrize.removeParametrizations(m, "weight");
        RECORDED.fails("weight removed", StateDictException.class, () -> m.loadStateDict(old("weight", "")));
    }

    @Test
    void theEntriesGivenStayAsTheyAre() {
        StateDict given = old("spectral", "");
        spectral().loadStateDict(given);
        assertEquals(old("spectral", "").keySet(), given.keySet());
    }
}
