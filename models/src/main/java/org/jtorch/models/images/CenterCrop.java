package org.jtorch.models.images;

/**
 * Cuts the middle out of an image, which is made larger with black pixels if it is smaller. The two libraries round
 * differently.
 */
final class CenterCrop {

    private CenterCrop() {}

    /** Crops as {@code transformers}: the place of the first pixel is rounded down. */
    static RgbImage ofTransformers(RgbImage image, int height, int width) {
        int top = Math.floorDiv(image.height() - height, 2);
        int left = Math.floorDiv(image.width() - width, 2);
        return image.crop(top, left, height, width);
    }

    /**
     * Crops as torchvision: the place of the first pixel is rounded to an even number, or towards 0 if the image is smaller.
     */
    static RgbImage ofTorchvision(RgbImage image, int height, int width) {
        return image.crop(first(image.height() - height), first(image.width() - width), height, width);
    }

    private static int first(int difference) {
        return difference < 0 ? difference / 2 : (int) Math.rint(difference / 2.0);
    }
}
