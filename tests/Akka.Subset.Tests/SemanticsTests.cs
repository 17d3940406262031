using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>What <see cref="Semantics"/> lists has tests. Line 16 is about persistence and has its tests there.</summary>
public sealed class SemanticsTests
{
    [Fact]
    public void Every_clause_about_actors_has_a_test() =>
        Semantics.RequireTests(typeof(SemanticsTests).Assembly, line => line != 16);
}
