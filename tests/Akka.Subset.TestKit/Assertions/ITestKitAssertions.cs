namespace Akka.TestKit;

/// <summary>How a test framework is told that an expectation was not met.</summary>
public interface ITestKitAssertions
{
    /// <summary>Fails the test.</summary>
    void Fail(string format = "", params object?[] args);

    /// <summary>Requires the condition to hold.</summary>
    void AssertTrue(bool condition, string format = "", params object?[] args);

    /// <summary>Requires the condition not to hold.</summary>
    void AssertFalse(bool condition, string format = "", params object?[] args);

    /// <summary>Requires the values to be equal.</summary>
    void AssertEqual<T>(T expected, T actual, string format = "", params object?[] args);

    /// <summary>Requires the values to be equal to a comparer.</summary>
    void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object?[] args);
}
