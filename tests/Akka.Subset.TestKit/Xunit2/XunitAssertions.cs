using System.Globalization;
using Xunit;
using Xunit.Sdk;

namespace Akka.TestKit.Xunit2;

/// <summary>Fails tests of xUnit.</summary>
public class XunitAssertions : ITestKitAssertions
{
    /// <inheritdoc/>
    public void Fail(string format = "", params object?[] args) => Assert.Fail(Text(format, args));

    /// <inheritdoc/>
    public void AssertTrue(bool condition, string format = "", params object?[] args)
    {
        if (!condition)
        {
            Assert.Fail(Text(format, args));
        }
    }

    /// <inheritdoc/>
    public void AssertFalse(bool condition, string format = "", params object?[] args) =>
        AssertTrue(!condition, format, args);

    /// <inheritdoc/>
    public void AssertEqual<T>(T expected, T actual, string format = "", params object?[] args)
    {
        try
        {
            Assert.Equal(expected, actual);
        }
        catch (EqualException e) when (!string.IsNullOrEmpty(format))
        {
            Assert.Fail(Text(format, args) + Environment.NewLine + e.Message);
        }
    }

    /// <inheritdoc/>
    public void AssertEqual<T>(
        T expected, T actual, Func<T, T, bool> comparer, string format = "", params object?[] args)
    {
        if (!comparer(expected, actual))
        {
            Assert.Fail($"{Text(format, args)} Expected {expected} but got {actual}".TrimStart());
        }
    }

    // A text without arguments may have braces of its own: a message's, for one.
    private static string Text(string? format, object?[] args) =>
        args.Length == 0 ? format ?? "" : string.Format(CultureInfo.InvariantCulture, format ?? "", args);
}
