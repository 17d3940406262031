using System.Text.Json;
using Lb.Host.Logging;
using Lb.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Host.Tests.Logging;

public sealed class JsonLineTests
{
    [Fact]
    public void A_line_is_one_object_with_number_and_name_of_the_event_and_its_parts()
    {
        string line = Format(log => log.ReloadRefused(3, "a \"file\"\nof two lines"));
        Assert.EndsWith("}\n", line);
        Assert.Single(line.TrimEnd('\n').Split('\n'));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(3006, json.GetProperty("EventId").GetInt32());
        Assert.Equal("ReloadRefused", json.GetProperty("EventName").GetString());
        Assert.Equal("Error", json.GetProperty("LogLevel").GetString());
        Assert.Equal("Lb.Test", json.GetProperty("Category").GetString());
        Assert.StartsWith("Reload refused: 3 errors in a \"file\"\nof", json.GetProperty("Message").GetString());
        Assert.Equal(3, json.GetProperty("State").GetProperty("Errors").GetInt32());
        Assert.Equal("a \"file\"\nof two lines", json.GetProperty("State").GetProperty("File").GetString());
        Assert.Equal("1970-01-01T01:00:00.000Z", json.GetProperty("Timestamp").GetString());
    }

    [Fact]
    public void An_exception_is_part_of_the_line()
    {
        string line = Format(log => log.ActorError(new InvalidOperationException("broken"), "akka://lb/user/site", "m"));
        Assert.Contains("broken", JsonDocument.Parse(line).RootElement.GetProperty("Exception").GetString());
    }

    private static string Format(Action<ILogger> say)
    {
        Capture capture = new();
        say(capture);
        return capture.Output.ToString();
    }

    private sealed class Capture : ILogger
    {
        private readonly JsonLineFormatter _formatter = new(new FakeClock());

        public StringWriter Output { get; } = new() { NewLine = "\n" };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            LogEntry<TState> entry = new(logLevel, "Lb.Test", eventId, state, exception, formatter);
            _formatter.Write(entry, null, Output);
        }
    }
}
