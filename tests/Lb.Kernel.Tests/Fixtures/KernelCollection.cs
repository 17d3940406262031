namespace Lb.Kernel.Tests.Fixtures;

/// <summary>Tests that use the real kernel: one after another, and with a look for what they left open at the end.</summary>
[CollectionDefinition(Name)]
public sealed class KernelCollection : ICollectionFixture<DescriptorLeakCheck>
{
    public const string Name = "kernel";
}
