namespace Lb.Kernel;

/// <summary>What a site has in the kernel beside the entries of its maps.</summary>
public enum SetupPart
{
    /// <summary>The node's own entry: layout, flags, insert budget.</summary>
    NodeEntry,

    /// <summary>The program on an interface.</summary>
    Interface,

    /// <summary>The pin of a map.</summary>
    MapPin,

    /// <summary>The pin of the program.</summary>
    ProgramPin,

    /// <summary>The pin of an interface's link.</summary>
    LinkPin,

    /// <summary>The pin of a buffer of a table.</summary>
    TablePin,

    /// <summary>A pin of an inner map that is no buffer of a table.</summary>
    StrayPin,

    /// <summary>The program at traffic control of an interface.</summary>
    Filter,

    /// <summary>The CPUs that packets are handed to.</summary>
    Spread,
}

/// <summary>A part that is not as it was set up.</summary>
/// <param name="Part">Which kind of part.</param>
/// <param name="Name">Name of the interface, map or program; number of the buffer, id of the inner map.</param>
/// <param name="What">What is wrong: the rest of a sentence that needs no beginning.</param>
public sealed record SetupFault(SetupPart Part, string Name, string What);
