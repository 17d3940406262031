using System.Reflection;
using Xunit;

namespace Akka.Subset.Surface.Tests;

/// <summary>What is public changes only together with the list of it, which was compared with Akka.NET's.</summary>
public sealed class SurfaceTests
{
    /// <summary>The assemblies that stand in for packages of Akka.NET.</summary>
    public static TheoryData<string> Assemblies =>
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "Akka.*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_is_the_one_that_was_compared_with_Akka_NET(string assembly)
    {
        var actual = SurfacePrinter.Print(Assembly.Load(assembly));
        var list = Path.Combine(AppContext.BaseDirectory, "Surface", assembly + ".txt");
        var expected = File.Exists(list) ? File.ReadAllLines(list) : [];
        var differences = expected.Except(actual).Select(line => "- " + line)
            .Concat(actual.Except(expected).Select(line => "+ " + line)).ToArray();
        if (differences.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(list)!);
            File.WriteAllLines(list + ".actual", actual);
            Assert.Fail(
                $"""
                The public surface of {assembly} differs from its list:
                {string.Join(Environment.NewLine, differences)}
                A new public member must exist in Akka.NET 1.5 with that signature, parameter names included; else it
                is internal or lives outside of the Akka namespaces. Where that was checked, put
                {list}.actual
                in the place of tests/Akka.Subset.Surface.Tests/Surface/{assembly}.txt.
                """);
        }
    }
}
