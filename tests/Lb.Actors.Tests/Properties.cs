using FsCheck;
using FsCheck.Fluent;

namespace Lb.Actors.Tests;

/// <summary>Runs properties.</summary>
internal static class Properties
{
    public static void Hold<T>(Gen<T> generator, int tests, Action<T> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(tests),
        Prop.ForAll(generator.ToArbitrary(), holds));
}
