package org.jtorch.models.vision;

/** Numbers of channels of scaled models. */
public final class Channels {

    private Channels() {}

    /**
     * Returns the multiple of {@code divisor} that is nearest to a number of channels, at least {@code divisor}, but not less than 90 %
     * of the number.
     */
    public static long divisible(double channels, long divisor) {
        long nearest = Math.max(divisor, (long) (channels + divisor / 2.0) / divisor * divisor);
        return nearest < 0.9 * channels ? nearest + divisor : nearest;
    }
}
