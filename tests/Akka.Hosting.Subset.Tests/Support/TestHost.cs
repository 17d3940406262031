using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Subset.Tests.Support;

/// <summary>A real generic host with an actor system in it, and the log of both.</summary>
public sealed class TestHost : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly IHost _host;
    private bool _started;

    public TestHost(Action<AkkaConfigurationBuilder> configure)
        : this((builder, _) => configure(builder))
    {
    }

    public TestHost(Action<AkkaConfigurationBuilder, IServiceProvider> configure)
    {
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Logging.AddProvider(Log);
        host.Services.AddAkka("test", (builder, provider) =>
        {
            builder.AddHocon("akka.stdout-loglevel = OFF", HoconAddMode.Append);
            configure(builder, provider);
        });
        _host = host.Build();
    }

    public LogRecorder Log { get; } = new();

    public ActorSystem System => Service<ActorSystem>();

    public IActorRegistry Registry => Service<IActorRegistry>();

    public CancellationToken Stopping => Service<IHostApplicationLifetime>().ApplicationStopping;

    public static async Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> configure)
    {
        TestHost host = new(configure);
        await host.StartAsync();
        return host;
    }

    public async Task StartAsync()
    {
        await _host.StartAsync().WaitAsync(Deadline);
        _started = true;
    }

    public Task StopAsync() => _host.StopAsync().WaitAsync(Deadline);

    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await StopAsync();
        }

        _host.Dispose();
    }
}
