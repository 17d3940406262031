using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>What <see cref="Semantics"/> lists has tests; line 16, persistence, has them elsewhere.</summary>
public sealed class SemanticsTests
{
    [Fact]
    public void Every_clause_about_actors_has_a_test() =>
        Semantics.RequireTests(typeof(SemanticsTests).Assembly, line => line != 16);
}
