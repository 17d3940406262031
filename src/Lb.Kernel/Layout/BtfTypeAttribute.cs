namespace Lb.Kernel.Layout;

/// <summary>Names the C type that a struct or enum mirrors; a test compares the two through BTF.</summary>
/// <param name="name">Name of the C struct or enum.</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Enum)]
internal sealed class BtfTypeAttribute(string name) : Attribute
{
    /// <summary>Name of the C type.</summary>
    public string Name { get; } = name;

    /// <summary>What the C names of an enum's values start with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The value of the C enum that says how many others there are, and has no counterpart here.</summary>
    public string? Count { get; init; }
}
