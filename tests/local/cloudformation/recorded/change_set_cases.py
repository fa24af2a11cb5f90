"""Change sets as such: their names, their states, and the stacks that they create."""

from __future__ import annotations

from tests.local.cloudformation.recorded.parts import Parts, attribute, parameter, template, text_parameter
from tests.local.cloudformation.recorded.replay import CAPABILITIES, StackReplay, case

SIMPLE = template({"SimpleParam": parameter("test")})


@case
def test_empty_changeset(replay: StackReplay) -> None:
    metadata = template(
        {"CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:text"}}}
    )
    name = replay.name()
    made = replay.change_set(name, metadata, "CREATE", Capabilities=CAPABILITIES)
    first = replay.match("first_changeset", made)
    replay.match("describe_first_cs", replay.ask("describe_change_set", ChangeSetName=first["Id"]))
    replay.execute(first["Id"], name)
    second = replay.match("nochange_changeset", replay.change_set(name, metadata, Capabilities=CAPABILITIES))
    replay.match("describe_nochange", replay.ask("describe_change_set", ChangeSetName=second["Id"]))
    replay.match("error_execute_failed", replay.message("execute_change_set", ChangeSetName=second["Id"]))


@case
def test_deleted_changeset(replay: StackReplay) -> None:
    made = replay.match("create", replay.change_set(replay.name(), SIMPLE, "CREATE"))
    replay.ask("delete_change_set", ChangeSetName=made["Id"])
    gone = replay.message("describe_change_set", ChangeSetName=made["Id"])
    replay.match("postdelete_changeset_notfound", gone)


@case
def test_describe_change_set_nonexisting(replay: StackReplay) -> None:
    missing = {"ChangeSetName": "DoesNotExist", "StackName": "somestack"}
    replay.match("exception", replay.message("describe_change_set", **missing))


@case
def test_delete_change_set_exception(replay: StackReplay) -> None:
    replay.match("e1", replay.message("delete_change_set", ChangeSetName="nochangeset", StackName="nostack"))
    replay.match("e2", replay.message("delete_change_set", ChangeSetName="nochangeset"))


@case
def test_name_conflicts_of_change_sets(replay: StackReplay) -> None:
    stack, name = replay.name(), replay.name("same")
    made = replay.change_set(stack, SIMPLE, "CREATE", ChangeSetName=name)
    replay.execute(made["Id"], stack)
    again = replay.change_set(stack, SIMPLE, "CREATE", ChangeSetName=name)
    replay.match("create_changeset_existingstack_exc", again)
    replay.delete(made["StackId"])
    second = replay.change_set(stack, SIMPLE, "CREATE", ChangeSetName=name)
    replay.match("new_stack_desc", replay.ask("describe_stacks", StackName=stack))
    replay.match("stack_id_desc", replay.ask("describe_stacks", StackName=made["StackId"]))
    replay.match("new_stack_id_desc", replay.ask("describe_stacks", StackName=second["StackId"]))
    first = replay.ask("describe_change_set", ChangeSetName=made["Id"])
    replay.match("initial_changeset_id_desc", first)
    later = replay.ask("describe_change_set", ChangeSetName=second["Id"])
    replay.match("second_initial_changeset_id_desc", later)


@case
def test_create_while_in_review(replay: StackReplay) -> None:
    made = replay.change_set(replay.name(), SIMPLE, "CREATE")
    name = made["StackId"].split("/")[1]
    replay.match("create_stack_while_in_review", replay.create(SIMPLE, StackName=name))
    replay.match("describe_stack", replay.ask("describe_stacks", StackName=made["StackId"]))
    described = replay.ask("describe_change_set", ChangeSetName=made["Id"])
    replay.match("describe_change_set", described)


@case
def test_create_changeset_with_stack_id(replay: StackReplay) -> None:
    made = replay.change_set(replay.name(), SIMPLE, "CREATE")
    replay.match("describe_stack", replay.ask("describe_stacks", StackName=made["StackId"]))
    second = replay.change_set(made["StackId"], SIMPLE, "CREATE")
    replay.execute(second["Id"], made["StackId"])
    replay.delete(made["StackId"])
    revived = replay.change_set(made["StackId"], SIMPLE, "CREATE", ChangeSetName="revived-stack-changeset")
    replay.match("recreate_deleted_with_id_exception", revived)


@case
def test_multiple_create_changeset(replay: StackReplay) -> None:
    made = replay.change_set(replay.name(), SIMPLE, "CREATE")
    replay.match("initial_changeset", replay.ask("describe_change_set", ChangeSetName=made["Id"]))
    replay.match("additional_changeset", replay.change_set(made["StackId"], SIMPLE, "CREATE"))


def compare_changes(replay: StackReplay, before: Parts, after: Parts, *values: dict[str, str]) -> None:
    """Compare the changes of a change set by itself."""
    given = list(values) or [{}, {}]
    stack = replay.create(before, given[0])["StackId"]
    made = replay.change_set(stack, after, parameters=given[1])
    replay.match("changes", replay.ask("describe_change_set", ChangeSetName=made["Id"])["Changes"])


@case
def test_static_change(replay: StackReplay) -> None:
    one, other = template({"Parameter": parameter("1")}), template({"Parameter": parameter("2")})
    compare_changes(replay, one, other)


@case
def test_dynamic_change(replay: StackReplay) -> None:
    made = {"Parameter": parameter({"Ref": "ParameterValue"})}
    body = template(made, Parameters={"ParameterValue": text_parameter()})
    compare_changes(replay, body, body, {"ParameterValue": "1"}, {"ParameterValue": "2"})


@case
def test_static_change_of_two(replay: StackReplay) -> None:
    second = parameter(attribute("Parameter1", "Value"))
    bodies = [template({"Parameter1": parameter(value), "Parameter2": second}) for value in ("1", "2")]
    compare_changes(replay, *bodies)
