namespace Lb.Netns.Tests;

/// <summary>Scenarios that take all descriptors there are, or count what a sender loses that does not wait: one at a time, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>What tests call it.</summary>
    public const string Name = "alone";
}
