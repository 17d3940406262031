using Xunit;

namespace Lb.Testing;

/// <summary>A fact that needs root: skipped with the reason where it is missing, failed there in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Decides whether the test runs.</summary>
    public RootFactAttribute() => Skip = Privileges.SkipsAreFailures ? null : Privileges.WhyNotRoot;
}
