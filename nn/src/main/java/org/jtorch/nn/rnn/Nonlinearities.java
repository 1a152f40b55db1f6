package org.jtorch.nn.rnn;

/** The nonlinearities of an Elman network. */
final class Nonlinearities {

    private Nonlinearities() {}

    /** Returns whether it is the rectifier; otherwise it is the hyperbolic tangent. */
    static boolean isRelu(String nonlinearity) {
        return switch (nonlinearity) {
            case "tanh" -> false;
            case "relu" -> true;
            default ->
                throw new IllegalArgumentException(
                        "Unknown nonlinearity '" + nonlinearity + "'. Select from 'tanh' or 'relu'.");
        };
    }
}
