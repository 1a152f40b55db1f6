package org.jtorch.autograd;

/** A program that begins with anomaly detection, before there is any tensor. */
final class FirstCall {

    private FirstCall() {}

    public static void main(String[] arguments) {
        try (AnomalyDetection mode = Autograd.detectAnomaly()) {
            System.out.println("detects: " + Autograd.isAnomalyEnabled());
        }
    }
}
