package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorScopeTest {

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(null, TensorScope.current());
    }

    @Test
    void freesWhatIsMadeInIt() {
        Tensor before = Torch.ones(2);
        Tensor inside;
        try (TensorScope scope = new TensorScope()) {
            inside = before.add(1);
            assertFalse(inside.isClosed());
        }
        assertTrue(inside.isClosed());
        assertFalse(before.isClosed());
        IllegalStateException e = assertThrows(IllegalStateException.class, inside::sum);
        assertTrue(e.getMessage().contains("the end of its TensorScope"), e.getMessage());
    }

    @Test
    void nests() {
        try (TensorScope outer = new TensorScope()) {
            Tensor a = Torch.ones(2);
            Tensor b;
            try (TensorScope inner = new TensorScope()) {
                b = a.add(1);
            }
            assertTrue(b.isClosed());
            assertFalse(a.isClosed());
            Tensor c = a.add(1);
            assertSame(outer, c.owner);
        }
    }

    @Test
    void keepsForTheScopeAround() {
        Tensor kept;
        try (TensorScope outer = new TensorScope()) {
            try (TensorScope inner = new TensorScope()) {
                kept = inner.keep(Torch.ones(2));
            }
            assertEquals(2, kept.sum().item());
            assertSame(outer, kept.owner);
        }
        assertTrue(kept.isClosed());
    }

    @Test
    void keepsForTheCollector() {
        Tensor kept;
        try (TensorScope scope = new TensorScope()) {
            kept = scope.keep(Torch.ones(2));
        }
        assertEquals(2, kept.sum().item());
        assertEquals(null, kept.owner);
        kept.close();
        assertTrue(kept.isClosed());
    }

    @Test
    void keepingWhatBelongsElsewhereDoesNothing() {
        Tensor foreign = Torch.ones(2);
        try (TensorScope scope = new TensorScope()) {
            assertSame(foreign, scope.keep(foreign));
        }
        assertFalse(foreign.isClosed());
        try (TensorScope outer = new TensorScope()) {
            Tensor ofOuter = Torch.ones(2);
            try (TensorScope inner = new TensorScope()) {
                inner.keep(ofOuter);
            }
            assertFalse(ofOuter.isClosed());
        }
    }

    @Test
    void unscopedTensorsStay() {
        Tensor buffer;
        try (TensorScope scope = new TensorScope()) {
            buffer = Torch.ones(2).unscoped();
            assertSame(buffer, buffer.unscoped());
        }
        assertEquals(2, buffer.sum().item());
    }

    @Test
    void closingByHandWithinAScopeIsAllowed() {
        try (TensorScope scope = new TensorScope()) {
            for (int i = 0; i < 1000; i++) {
                Torch.ones(2).close();
            }
            List<Tensor> open = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                open.add(Torch.ones(2));
                Torch.ones(2).close();
            }
            open.forEach(tensor -> assertFalse(tensor.isClosed()));
        }
    }

    @Test
    void manyTensorsAreFreed() {
        List<Tensor> made = new ArrayList<>();
        try (TensorScope scope = new TensorScope()) {
            for (int i = 0; i < 500; i++) {
                made.add(Torch.ones(1));
            }
        }
        made.forEach(tensor -> assertTrue(tensor.isClosed()));
    }

    @Test
    void endsAlsoWhereItsBodyThrows() {
        AtomicReference<Tensor> inside = new AtomicReference<>();
        assertThrows(ArithmeticException.class, () -> {
            try (TensorScope scope = new TensorScope()) {
                inside.set(Torch.ones(2));
                throw new ArithmeticException();
            }
        });
        assertTrue(inside.get().isClosed());
    }

    @Test
    void isClosedInOrder() {
        TensorScope outer = new TensorScope();
        TensorScope inner = new TensorScope();
        IllegalStateException e = assertThrows(IllegalStateException.class, outer::close);
        assertEquals("an inner TensorScope is still open: close it first", e.getMessage());
        assertThrows(IllegalStateException.class, () -> outer.keep(Torch.ones(1)));
        inner.close();
        inner.close();
        outer.close();
        assertThrows(IllegalStateException.class, () -> inner.keep(Torch.ones(1)));
    }

    @Test
    void whatIsMadeOutsideBelongsToTheScopeAround() {
        Tensor shown;
        Tensor made;
        Tensor stays;
        try (TensorScope around = new TensorScope()) {
            try (TensorScope scope = new TensorScope()) {
                stays = Torch.ones(1);
                try (TensorScope inner = new TensorScope()) {
                    shown = Torch.ones(2);
                    try (TensorScope outside = scope.outside()) {
                        made = Torch.ones(3);
                        outside.keep(shown);
                        assertEquals(
                                "an inner TensorScope is still open: close it first",
                                assertThrows(IllegalStateException.class, scope::close)
                                        .getMessage());
                        try (TensorScope nested = new TensorScope()) {
                            stays = nested.keep(stays);
                        }
                    }
                }
            }
            assertTrue(stays.isClosed());
            assertSame(around, shown.owner);
            assertSame(around, made.owner);
        }
        assertTrue(shown.isClosed() && made.isClosed());
    }

    @Test
    void whatIsMadeOutsideOfTheOutermostIsTheCollectors() {
        Tensor made;
        Tensor nested;
        try (TensorScope scope = new TensorScope();
                TensorScope outside = scope.outside()) {
            made = Torch.ones(3);
            try (TensorScope inner = new TensorScope()) {
                nested = inner.keep(Torch.ones(2));
            }
        }
        assertEquals(5, made.sum().item() + nested.sum().item());
        assertEquals(null, made.owner);
    }

    @Test
    void aClosedScopeHasNoOutside() {
        TensorScope scope = new TensorScope();
        scope.close();
        assertThrows(IllegalStateException.class, scope::outside);
    }

    @Test
    void keepsAll() {
        Tensor a;
        Tensor b;
        try (TensorScope scope = new TensorScope()) {
            a = Torch.ones(1);
            b = Torch.ones(2);
            Torch.ones(3).close();
            scope.keepAll();
        }
        assertEquals(3, a.sum().item() + b.sum().item());
    }

    @Test
    void belongsToItsThread() throws InterruptedException {
        TensorScope scope = new TensorScope();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Tensor> elsewhere = new AtomicReference<>();
        Thread other = new Thread(
                () -> {
                    elsewhere.set(Torch.ones(2));
                    try {
                        scope.close();
                    } catch (IllegalStateException e) {
                        thrown.set(e);
                    }
                },
                "another");
        other.start();
        other.join();
        assertTrue(
                thrown.get().getMessage().endsWith("not to another"),
                thrown.get().getMessage());
        scope.close();
        assertFalse(elsewhere.get().isClosed(), "a scope owns what its own thread makes");
    }

    @Test
    void closingTwiceIsAnError() {
        Tensor tensor = Torch.ones(2);
        tensor.close();
        IllegalStateException e = assertThrows(IllegalStateException.class, tensor::close);
        assertEquals("this tensor was freed by close()", e.getMessage());
        assertEquals(
                "this tensor was freed by close()",
                assertThrows(IllegalStateException.class, tensor::dim).getMessage());
        assertThrows(IllegalStateException.class, () -> Torch.ones(2).add(tensor));
        assertThrows(IllegalStateException.class, () -> Torch.cat(List.of(tensor, tensor)));
        assertThrows(IllegalStateException.class, tensor::backward);
        assertThrows(IllegalStateException.class, tensor::unscoped);
    }

    @Test
    void aTensorIsFreedOnceWhoeverClosesIt() throws Exception {
        int threads = 3;
        for (int round = 0; round < 300; round++) {
            Tensor tensor = Torch.ones(16);
            AtomicInteger freed = new AtomicInteger();
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Thread thread = new Thread(() -> {
                    try {
                        start.await();
                        tensor.close();
                        freed.incrementAndGet();
                    } catch (IllegalStateException e) {
                        assertTrue(e.getMessage().startsWith("this tensor was freed by "));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                running.add(thread);
                thread.start();
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertEquals(1, freed.get());
        }
    }

    @Test
    void aTensorOfAScopeMayBeClosedOnAnotherThread() throws InterruptedException {
        try (TensorScope scope = new TensorScope()) {
            Tensor tensor = Torch.ones(2);
            Thread other = new Thread(tensor::close);
            other.start();
            other.join();
            assertTrue(tensor.isClosed());
        }
    }

    @Test
    void viewsOutliveTheirBase() {
        Tensor base = Torch.ones(4, 4);
        Tensor row = base.select(0, 1);
        base.close();
        assertEquals(4, row.sum().item());
    }
}
