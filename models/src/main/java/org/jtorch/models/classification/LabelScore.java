package org.jtorch.models.classification;

/**
 * A class and how sure the model is of it.
 *
 * @param label the name of the class, as the folder says it
 * @param score the probability, from 0 to 1; for a model of numbers, the number
 */
public record LabelScore(String label, double score) {}
