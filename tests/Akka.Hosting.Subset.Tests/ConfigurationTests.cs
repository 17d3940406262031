using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Subset.Tests.Support;
using Akka.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Hosting.Subset.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void Appended_configuration_fills_gaps_and_prepended_overrides()
    {
        AkkaConfigurationBuilder akka = new(new ServiceCollection(), "test");
        akka.AddHocon("site { a = 1, b = 1 }", HoconAddMode.Append);
        akka.AddHocon("site { a = 2, c = 2 }", HoconAddMode.Append);
        akka.AddHocon("site { a = 3, d = 3 }", HoconAddMode.Prepend);
        akka.AddHocon("site { e = 4 }", HoconAddMode.Replace);

        Config site = akka.Configuration.Value.GetConfig("site");
        Assert.Equal(
            [3, 1, 2, 3, 4], new[] { "a", "b", "c", "d", "e" }.Select(key => site.GetInt(key)));
    }

    [Fact]
    public async Task Configuration_reaches_the_system_from_text_file_and_setup()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "site.file = 1");
            await using TestHost host = await TestHost.StartAsync(akka => akka
                .AddHocon("site.text = 2", HoconAddMode.Append)
                .AddHoconFile(file, HoconAddMode.Append)
                .AddSetup(BootstrapSetup.Create().WithConfig("site.setup = 3"))
                .AddSetup(new Mark("mine")));

            Config site = host.System.Settings.Config.GetConfig("site");
            Assert.Equal((1, 2, 3), (site.GetInt("file"), site.GetInt("text"), site.GetInt("setup")));
            Assert.Equal("mine", host.System.Settings.Setup.Get<Mark>().Value.Text);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Builder_gets_the_services_of_the_host()
    {
        await using TestHost host = new((akka, services) => akka.AddHocon(
            $"site.environment = {services.GetRequiredService<IHostEnvironment>().EnvironmentName}",
            HoconAddMode.Append));
        await host.StartAsync();

        Assert.Equal("Production", host.System.Settings.Config.GetString("site.environment"));
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(-1)]
    public async Task Ask_timeout_is_the_one_that_was_set(int milliseconds)
    {
        await using TestHost host = await TestHost.StartAsync(
            akka => akka.WithActorAskTimeout(TimeSpan.FromMilliseconds(milliseconds)));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), host.System.Settings.AskTimeout);
    }

    [Fact]
    public async Task Extensions_are_there_before_the_first_actor()
    {
        bool there = false;
        await using TestHost host = await TestHost.StartAsync(akka => akka
            .WithActors((system, _) => there = system.HasExtension<PersistenceExtension>())
            .WithExtension<Persistence.Persistence>());

        Assert.True(there);
    }

    [Fact]
    public void Type_that_is_no_extension_is_refused()
    {
        AkkaConfigurationBuilder akka = new(new ServiceCollection(), "test");

        var failure = Assert.Throws<ConfigurationException>(() => akka.WithExtensions(typeof(string)));

        Assert.Contains("System.String", failure.Message);
    }

    private sealed class Mark(string text) : Setup
    {
        public string Text => text;
    }
}
