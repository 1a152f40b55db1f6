package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Frees and replaces tensors on one thread while another uses them; {@link FreeingRacesTest} runs it in a JVM of its own. */
final class FreeingRaces {

    private static final AtomicReference<Tensor> CURRENT = new AtomicReference<>();
    private static final AtomicReference<UntypedStorage> STORAGE = new AtomicReference<>(ones());
    private static volatile boolean stop;
    private static volatile Throwable wrong;

    private FreeingRaces() {}

    /** What one thread does to the tensor that the others use. */
    private interface Disturbance {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[1]);
        Disturbance disturbance =
                switch (args[0]) {
                    case "close" -> FreeingRaces::closeWhatIsUsed;
                    case "scope" -> FreeingRaces::endTheScope;
                    case "replace" -> FreeingRaces::replaceWhatItHolds;
                    case "storage" -> FreeingRaces::closeTheStorage;
                    default -> throw new IllegalArgumentException(args[0]);
                };
        CURRENT.set(values(1));
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread reader = new Thread(FreeingRaces::read);
            readers.add(reader);
            reader.start();
        }
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long rounds = 0;
        while (System.nanoTime() < end && wrong == null) {
            disturbance.run();
            rounds++;
        }
        stop = true;
        for (Thread reader : readers) {
            reader.join();
        }
        if (wrong != null) {
            wrong.printStackTrace();
            System.exit(3);
        }
        System.out.println(rounds + " rounds");
    }

    /** 64 KiB, all elements equal. */
    private static Tensor values(double value) {
        return Torch.full(new long[] {16_384}, value);
    }

    private static void read() {
        while (!stop) {
            try {
                Tensor x = CURRENT.get();
                double sum = x.mul(2).add(x).sum().item() / 3 / 16_384;
                if (sum != Math.rint(sum) || sum < 1 || sum > 3) {
                    throw new AssertionError("a use saw values that nobody wrote: " + sum);
                }
                x.dim();
                x.shape();
                x.toFloatArray();
                UntypedStorage storage = STORAGE.get();
                double bytes = storage.tensor(DType.UINT8, 0, new long[] {65_536}, new long[] {1})
                        .sum()
                        .item();
                if (bytes != 65_536 || storage.buffer(8, 8).get(0) != 1) {
                    throw new AssertionError("a storage gave values that nobody wrote: " + bytes);
                }
            } catch (IllegalStateException freed) {
                Thread.onSpinWait(); // what a user of a freed tensor sees
            } catch (Throwable e) {
                wrong = e;
                return;
            }
        }
    }

    private static void closeWhatIsUsed() {
        CURRENT.getAndSet(values(1)).close();
    }

    private static void endTheScope() {
        try (TensorScope scope = new TensorScope()) {
            CURRENT.set(values(2));
            values(1).add(1);
        }
    }

    private static void replaceWhatItHolds() {
        CURRENT.get().setData(values(1));
    }

    private static void closeTheStorage() {
        STORAGE.getAndSet(ones()).close();
    }

    private static UntypedStorage ones() {
        return UntypedStorage.of(Torch.ones(new long[] {65_536}, TensorOptions.of(DType.UINT8)));
    }
}
