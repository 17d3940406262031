using Akka.Actor;
using Akka.Hosting.Subset.Tests.Support;

namespace Akka.Hosting.Subset.Tests;

public sealed class RegistryTests : IAsyncLifetime
{
    private readonly TestHost _host = new(akka => akka.WithActors(
        (system, registry) => registry.Register<Echo>(system.ActorOf(Echo.Props, "echo"))));

    /// <summary>The same key as <see cref="Echo"/>, known at run time only.</summary>
    private readonly Type _echo = Type.GetType(typeof(Echo).AssemblyQualifiedName!, throwOnError: true)!;

    private IActorRegistry Registry => _host.Registry;

    public Task InitializeAsync() => _host.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public void All_ways_to_the_registry_lead_to_one()
    {
        Assert.Same(ActorRegistry.For(_host.System), Registry);
        Assert.Same(Registry, _host.Service<IReadOnlyActorRegistry>());
        Assert.Same(Registry, _host.Service<ActorRegistry>());
        Assert.Equal("echo", Assert.Single(Registry, e => e.Key == typeof(Echo)).Value.Path.Name);
    }

    [Fact]
    public void Missing_entry_is_an_exception_or_nobody()
    {
        var failure = Assert.Throws<MissingActorRegistryEntryException>(() => Registry.Get<string>());
        Assert.Contains("System.String", failure.Message);
        Assert.False(Registry.TryGet<string>(out IActorRef actor));
        Assert.Same(ActorRefs.Nobody, actor);
    }

    [Fact]
    public void Duplicate_is_refused_unless_it_is_to_replace()
    {
        IActorRef first = Registry.Get<Echo>();
        IActorRef second = _host.System.ActorOf(Echo.Props);

        Assert.Throws<DuplicateActorRegistryException>(() => Registry.Register<Echo>(second));
        Assert.False(Registry.TryRegister<Echo>(second));
        Assert.False(Registry.TryRegister(_echo, second));
        Assert.True(Registry.TryGet(_echo, out IActorRef there));
        Assert.Equal(first, there);

        Registry.Register<Echo>(second, overwrite: true);
        Assert.Equal(second, Registry.Get<Echo>());
    }

    [Fact]
    public void Nothing_can_be_registered_for_nothing()
    {
        Assert.Throws<ArgumentNullException>(() => Registry.Register<string>(null!));
        Assert.Throws<ArgumentNullException>(() => Registry.TryRegister(null!, ActorRefs.Nobody));
        Assert.Throws<ArgumentNullException>(() => Registry.TryGet(null!, out _));
    }

    [Fact]
    public async Task Entry_is_waited_for_until_it_is_there()
    {
        Task<IActorRef> waiting = Registry.GetAsync<string>();
        Assert.False(waiting.IsCompleted);

        Registry.Register<string>(Registry.Get<Echo>());

        Assert.Equal(Registry.Get<Echo>(), await waiting.WaitAsync(TestHost.Deadline));
        Assert.Equal(Registry.Get<Echo>(), await Registry.GetAsync(_echo).WaitAsync(TestHost.Deadline));
    }

    [Fact]
    public async Task Wait_that_is_cancelled_ends()
    {
        using CancellationTokenSource cancel = new();
        Task<IActorRef> waiting = Registry.GetAsync<string>(cancel.Token);
        Task<IActorRef> required = _host.Service<IRequiredActor<string>>().GetAsync(cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting.WaitAsync(TestHost.Deadline));
        await Assert.ThrowsAsync<TaskCanceledException>(() => required.WaitAsync(TestHost.Deadline));
    }

    [Fact]
    public async Task Required_actor_is_looked_up_when_it_is_first_asked_for_and_kept()
    {
        IRequiredActor<string> required = _host.Service<IRequiredActor<string>>();
        Assert.Throws<MissingActorRegistryEntryException>(() => required.ActorRef);

        IActorRef first = Registry.Get<Echo>();
        Registry.Register<string>(first);
        Assert.Equal(first, required.ActorRef);
        Registry.Register<string>(_host.System.ActorOf(Echo.Props), overwrite: true);

        Assert.Equal(first, required.ActorRef);
        Assert.Equal(first, await required.GetAsync().WaitAsync(TestHost.Deadline));
        Assert.Same(required, _host.Service<IRequiredActor<string>>());
    }
}
