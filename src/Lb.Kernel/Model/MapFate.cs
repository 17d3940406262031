namespace Lb.Kernel;

/// <summary>What becomes of a map at a start.</summary>
public enum MapFate
{
    /// <summary>It is used as it is.</summary>
    Kept,

    /// <summary>There was none; it begins empty.</summary>
    Added,

    /// <summary>Another takes its place, and begins empty: nothing is lost with what it holds.</summary>
    Anew,

    /// <summary>Another takes its place, with all that it holds.</summary>
    Carried,

    /// <summary>It can neither be used nor carried over, and the start ends there.</summary>
    Refused,
}
