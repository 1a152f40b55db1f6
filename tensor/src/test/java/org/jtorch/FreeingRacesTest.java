package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Freeing on one thread what another uses: the old value or an exception, and never foreign memory. */
class FreeingRacesTest {

    @ParameterizedTest
    @ValueSource(strings = {"close", "scope", "replace", "storage"})
    void theJvmSurvives(String disturbance) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreeingRaces.class.getName(),
                        disturbance,
                        "2"))
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertTrue(out.contains(" rounds"), out);
    }

    @Test
    void itsOwnThreadFreesAtOnceWhatNobodyElseUsed() {
        Tensor x = Torch.ones(4);
        org.bytedeco.pytorch.Tensor handle = x.handle();
        x.close();
        assertTrue(handle.isNull());
    }

    @Test
    void whatAnotherThreadUsedIsLeftToTheCollector() throws InterruptedException {
        Tensor x = Torch.ones(4);
        org.bytedeco.pytorch.Tensor handle = x.handle();
        Thread other = new Thread(x::dim);
        other.start();
        other.join();
        x.close();
        assertTrue(x.isClosed());
        assertThrows(IllegalStateException.class, x::dim);
        assertFalse(handle.isNull());
        assertEquals(4, handle.numel());
    }

    @Test
    void whatAnotherThreadClosesIsLeftToTheCollector() throws InterruptedException {
        Tensor x = Torch.ones(4);
        org.bytedeco.pytorch.Tensor handle = x.handle();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = new Thread(x::close);
        other.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        other.start();
        other.join();
        assertEquals(null, failure.get());
        assertThrows(IllegalStateException.class, x::dim);
        assertFalse(handle.isNull());
    }

    @Test
    void anOptionalArgumentFollowsItsTensor() {
        Tensor bias = Torch.zeros(2);
        Tensor x = Torch.ones(1, 2);
        Tensor weight = Torch.eye(2);
        assertEquals(2, x.linear(weight, bias).sum().item());
        bias.setData(Torch.ones(2));
        assertEquals(4, x.linear(weight, bias).sum().item());
    }
}
