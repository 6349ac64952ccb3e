"""Roles (角色): what a person is to the district. A role reaches the subtree of its place."""

FACILITATOR = "facilitator"  # 居村工作人员
SECRETARY = "secretary"  # 居村书记, first responsible
STATION_ATTENDANT = "station_attendant"  # 民意收集站
HOTLINE_OPERATOR = "hotline_operator"  # 12345 话务员
DISPATCHER = "dispatcher"  # 派单员
HANDLER = "handler"  # 承办人
HEAD = "head"  # 单位负责人
GRID_WORKER = "grid_worker"  # 网格员, patrols and checks on site
CALLBACK_CLERK = "callback_clerk"  # 回访员, of a body other than the handling unit
SUPERVISOR = "supervisor"  # 督办员
ANALYST = "analyst"  # 分析员
RESEARCH_OFFICE = "research_office"  # 研究室
AUDITOR = "auditor"  # 审计员
ADMINISTRATOR = "administrator"  # 系统管理员

ALL = (
    FACILITATOR,
    SECRETARY,
    STATION_ATTENDANT,
    HOTLINE_OPERATOR,
    DISPATCHER,
    HANDLER,
    HEAD,
    GRID_WORKER,
    CALLBACK_CLERK,
    SUPERVISOR,
    ANALYST,
    RESEARCH_OFFICE,
    AUDITOR,
    ADMINISTRATOR,
)
#: Roles of a unit: they reach the matters given to the unit.
OF_A_UNIT = frozenset({HANDLER, HEAD})
#: Roles that may hand in for somebody else (代录).
ASSISTING = frozenset({FACILITATOR, SECRETARY, STATION_ATTENDANT, HOTLINE_OPERATOR, DISPATCHER})
#: Roles that see every matter of their territory without acting on it.
WATCHING = frozenset({SUPERVISOR, ANALYST, RESEARCH_OFFICE, AUDITOR})
