using Xunit;

namespace Lb.Testing;

/// <summary>A theory that needs root: skipped with the reason where it is missing, failed there in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides whether the test runs.</summary>
    public RootTheoryAttribute() => Skip = Privileges.SkipsAreFailures ? null : Privileges.WhyNotRoot;
}
