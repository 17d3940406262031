using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Persistence.Tests;

/// <summary>What <see cref="Semantics"/> lists of persistence, line 16, has tests.</summary>
public sealed class SemanticsTests
{
    [Fact]
    public void Every_clause_about_persistent_actors_has_a_test() =>
        Semantics.RequireTests(typeof(SemanticsTests).Assembly, line => line == 16);
}
