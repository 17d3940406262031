using Lb.Host.Configuration;
using Lb.Host.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Lb.Host.Tests.Running;

public sealed class LoggingTests
{
    [Fact]
    public void Reader_of_the_log_that_stops_holds_nobody_up()
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddLbConsole(LogFormat.Text, new LogThreshold(LogLevel.Information)));
        using ServiceProvider provider = services.BuildServiceProvider();

        ConsoleLoggerOptions options = provider.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.Equal(ConsoleLoggerQueueFullMode.DropWrite, options.QueueFullMode);
    }
}
